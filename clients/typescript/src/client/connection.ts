import type { Clock } from "./clock.js";
import { MyelinError } from "./errors.js";
import { OPEN, type WebSocketLike } from "./socket.js";
import type { Codec, ServerMessage } from "./wire/messages.js";

/** Who uses a connection. Nothing is called after `ended`, and that exactly once. */
export interface ConnectionUser {
  opened(): void;
  received(message: ServerMessage): void;
  ended(end: ConnectionEnd): void;
}

export interface ConnectionEnd {
  /** The WebSocket's close code; 1006 if there was none. */
  readonly code: number;
  readonly reason: string;
}

/** A close frame has room for 123 bytes. */
const MAX_REASON = 40;

/** The life of one socket. It ends itself when the server is silent for too long. */
export class Connection {
  readonly #socket: WebSocketLike;
  readonly #codec: Codec;
  readonly #clock: Clock;
  readonly #user: ConnectionUser;
  readonly #silenceMs: number;
  #heardAt: number;
  #cancelWatch: () => void = () => undefined;
  #ended = false;

  constructor(
    socket: WebSocketLike,
    codec: Codec,
    clock: Clock,
    silenceMs: number,
    user: ConnectionUser,
  ) {
    this.#socket = socket;
    this.#codec = codec;
    this.#clock = clock;
    this.#user = user;
    this.#silenceMs = silenceMs;
    this.#heardAt = clock.now();
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = (event: { readonly data: string | ArrayBuffer }) => this.#received(event.data);
    socket.onclose = (event: { readonly code?: number; readonly reason?: string }) =>
      this.#end({ code: event.code ?? 1006, reason: event.reason ?? "" });
    socket.onerror = () => undefined; // a close event follows
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(frame);
  }

  /** Ends it at once, whatever the server says; `ended` is called before this returns. */
  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#socket.close(code, reason.slice(0, MAX_REASON));
    this.#end({ code, reason });
  }

  #opened(): void {
    if (this.#ended) return;
    this.#heardAt = this.#clock.now();
    this.#watch(this.#silenceMs);
    this.#user.opened();
  }

  #received(data: string | ArrayBuffer): void {
    if (this.#ended) return;
    this.#heardAt = this.#clock.now();
    let message: ServerMessage;
    try {
      message = this.#codec.decode(data);
    } catch (error) {
      this.close(4000, error instanceof MyelinError ? error.message : "bad message");
      return;
    }
    this.#user.received(message);
  }

  #watch(milliseconds: number): void {
    this.#cancelWatch = this.#clock.after(milliseconds, () => {
      const left = this.#heardAt + this.#silenceMs - this.#clock.now();
      if (left > 0) this.#watch(left);
      else this.close(4001, `The server said nothing for ${this.#silenceMs} ms.`);
    });
  }

  #end(end: ConnectionEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelWatch();
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#user.ended(end);
  }
}
