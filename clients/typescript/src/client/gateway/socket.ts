import type { Clock } from "../clock.js";
import { OPEN, type WebSocketLike } from "../socket.js";
import { readClose, type GatewayClose } from "./close.js";
import { decode, type Envelope, type Json } from "./envelope.js";
import { Timer } from "./timer.js";

/** Who uses a socket. Nothing is called after `ended`, and that exactly once. */
export interface SocketUser {
  opened(): void;
  received(envelope: Envelope): void;
  ended(close: GatewayClose): void;
}

/** With this code the client closes what it will come back from: the server keeps the session. */
export const COMING_BACK = 4900;

/** How long a connection may take to answer when there is reason to doubt it. */
const PROBE_MS = 5_000;

/** A timer that is later than this was held up, as in a hidden tab or a machine that slept. */
const HELD_UP_MS = 2_000;

/** The life of one socket. It ends itself when the server does not answer heartbeats. */
export class GatewaySocket {
  readonly #socket: WebSocketLike;
  readonly #clock: Clock;
  readonly #user: SocketUser;
  readonly #timer: Timer;
  /** Whether anything came since the last heartbeat went. */
  #heard = false;
  #intervalMs = Infinity;
  #graceMs = 0;
  #heartbeat: (() => Json) | undefined;
  #ended = false;

  constructor(socket: WebSocketLike, clock: Clock, user: SocketUser) {
    this.#socket = socket;
    this.#clock = clock;
    this.#user = user;
    this.#timer = new Timer(clock);
    socket.onopen = () => {
      if (!this.#ended) user.opened();
    };
    socket.onmessage = (event: { readonly data: unknown }) => this.#received(event.data);
    socket.onclose = (event: { readonly code?: number; readonly reason?: string }) =>
      this.#end(readClose(event.code ?? 1006, event.reason ?? ""));
    socket.onerror = () => undefined; // a close event follows
  }

  send(message: Json): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  /**
   * Sends a heartbeat every `intervalMs`, and ends the connection when the server has been silent for `timeoutMs`.
   * Only a heartbeat without an answer is silence: a tab whose timers sleep proves nothing.
   */
  keepAlive(intervalMs: number, timeoutMs: number, heartbeat: () => Json): void {
    this.#intervalMs = intervalMs;
    this.#graceMs = Math.max(timeoutMs - intervalMs, PROBE_MS);
    this.#heartbeat = heartbeat;
    this.#timer.set(intervalMs, () => this.#beat(this.#graceMs));
  }

  /** Asks for a sign of life now; the answer has to come soon. */
  probe(): void {
    if (this.#heartbeat !== undefined && !this.#ended) this.#beat(PROBE_MS);
  }

  /** Tells something of its own with a heartbeat, without doubting the connection. */
  tell(): void {
    if (this.#heartbeat !== undefined && !this.#ended) this.send(this.#heartbeat());
  }

  /** Ends it at once, whatever the server says; `ended` is called before this returns. */
  close(code: number, reason: string, as: number = code): void {
    if (this.#ended) return;
    this.#socket.close(code, reason);
    this.#end(readClose(as, reason));
  }

  #beat(graceMs: number): void {
    const sentAt = this.#clock.now();
    this.#heard = false;
    this.tell();
    this.#timer.set(graceMs, () => {
      const late = this.#clock.now() - sentAt - graceMs;
      if (this.#heard) this.#rest(graceMs);
      else if (late > HELD_UP_MS) this.#beat(PROBE_MS);
      else this.close(COMING_BACK, "HEARTBEAT_TIMEOUT", 4017);
    });
  }

  /** Until the next heartbeat. */
  #rest(passedMs: number): void {
    this.#timer.set(Math.max(this.#intervalMs - passedMs, 1), () => this.#beat(this.#graceMs));
  }

  #received(data: unknown): void {
    if (this.#ended) return;
    this.#heard = true;
    let envelopes: Envelope[];
    try {
      envelopes = decode(data);
    } catch {
      this.close(COMING_BACK, "BAD_MESSAGE", 1006);
      return;
    }
    for (const envelope of envelopes) {
      if (this.#ended) return;
      this.#user.received(envelope);
    }
  }

  #end(close: GatewayClose): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer.stop();
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#user.ended(close);
  }
}
