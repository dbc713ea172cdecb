import { deferred, quiet, type Deferred } from "./deferred.js";
import type { MyelinError } from "./errors.js";
import type { Link } from "./link.js";
import type { Sender } from "./sender.js";

/** Whether observations flow, as the caller wants it; a new connection is told again. */
export class Flow {
  readonly #link: Link;
  readonly #sender: Sender;
  /** Undefined while the caller never said anything. */
  #paused: boolean | undefined;
  #reply: Deferred<void> | undefined;

  constructor(link: Link, sender: Sender) {
    this.#link = link;
    this.#sender = sender;
  }

  get isPaused(): boolean {
    return this.#paused === true;
  }

  /** Completes when the server confirms, or when the caller changes its mind. */
  set(paused: boolean): Promise<void> {
    this.#reply?.resolve();
    const reply = (this.#reply = deferred<void>());
    this.#paused = paused;
    if (paused) this.#sender.pause(true);
    if (this.#link.isReady) this.tell();
    return quiet(reply.promise);
  }

  /** Tells the server, if there is something to tell. */
  tell(): void {
    if (this.#paused === undefined) return;
    const action = this.#paused ? "pause" : "resume";
    this.#link.send(this.#link.encode({ type: "flow", session: this.#link.session, action }));
    if (!this.#paused) this.#sender.pause(false);
  }

  confirmed(paused: boolean): void {
    if (this.#paused !== paused) return;
    this.#reply?.resolve();
    this.#reply = undefined;
  }

  fail(reason: MyelinError): void {
    this.#reply?.reject(reason);
    this.#reply = undefined;
  }
}
