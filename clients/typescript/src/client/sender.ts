import { MyelinError } from "./errors.js";
import type { Link } from "./link.js";
import type { Settings } from "./options.js";
import type { Outbox, Pending } from "./outbox.js";
import { Pacer } from "./pacer.js";

const BUFFER_CHECK_MS = 4;

/**
 * Sends what is in the outbox as fast as four bounds allow: the connection is ready and not paused, the
 * in-flight credit, the bytes that the socket holds back, and the pace the server asks for.
 */
export class Sender {
  readonly pacer = new Pacer();
  readonly #outbox: Outbox;
  readonly #link: Link;
  readonly #settings: Settings;
  #paused = false;
  #scheduled = false;

  constructor(outbox: Outbox, link: Link, settings: Settings) {
    this.#outbox = outbox;
    this.#link = link;
    this.#settings = settings;
  }

  /** A new connection is ready. */
  begin(): void {
    this.pacer.speedUp(this.#settings.clock.now());
    this.pump();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.pump();
  }

  /** Sends until a bound is reached; to be called when one may have moved. */
  pump(): void {
    const { clock, maxInFlight, maxBufferedBytes } = this.#settings;
    while (this.#link.isReady && !this.#paused && !this.#scheduled) {
      if (this.#outbox.inFlight >= maxInFlight) return;
      const entry = this.#outbox.next();
      if (entry === undefined) return;
      const now = clock.now();
      const wait =
        this.#link.bufferedAmount > maxBufferedBytes ? BUFFER_CHECK_MS : this.pacer.delay(now);
      if (wait > 0) {
        this.#later(wait);
        return;
      }
      this.#send(entry, now);
    }
  }

  #send(entry: Pending, now: number): void {
    const frame = this.#link.encode({
      type: "observation",
      session: this.#link.session,
      sequence: entry.sequence,
      priority: entry.priority,
      episode: entry.episode,
    });
    const { maxMessageBytes } = this.#settings;
    const bytes = bytesOf(frame, maxMessageBytes);
    if (bytes > maxMessageBytes) {
      this.#outbox.withdraw(
        entry,
        new MyelinError(
          "message_too_large",
          `The observation takes ${bytes} bytes (expected: at most ${maxMessageBytes}).` +
            " Shorten it or split it into several.",
        ),
      );
      return;
    }
    this.#outbox.left(entry);
    this.pacer.sent(now);
    this.#link.send(frame);
  }

  #later(milliseconds: number): void {
    this.#scheduled = true;
    this.#settings.clock.after(milliseconds, () => {
      this.#scheduled = false;
      this.pump();
    });
  }
}

/** The length of a frame; counted only where it could pass the limit. */
function bytesOf(frame: string | Uint8Array, limit: number): number {
  if (typeof frame !== "string" || frame.length * 3 <= limit) return frame.length;
  return new TextEncoder().encode(frame).length;
}
