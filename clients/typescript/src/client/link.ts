import { Backoff } from "./backoff.js";
import { Connection, type ConnectionEnd } from "./connection.js";
import { MyelinError } from "./errors.js";
import type { Settings } from "./options.js";
import type { WebSocketLike } from "./socket.js";
import type { Session } from "./types.js";
import { BinaryCodec } from "./wire/binary.js";
import { JsonCodec } from "./wire/json.js";
import type { ClientMessage, Codec, ServerMessage } from "./wire/messages.js";

/** Who uses a link. */
export interface LinkUser {
  /** A connection is ready, on the session it says. */
  ready(session: Session): void;
  received(message: ServerMessage): void;
  /** The connection is gone; the next attempt follows after so many milliseconds. */
  lost(end: ConnectionEnd, retryInMs: number): void;
  /** There will be no further attempt. */
  gaveUp(reason: MyelinError): void;
}

/**
 * One session over many connections, one after the other: connects, says `init`, and when a connection
 * breaks connects again after a growing, random delay and resumes.
 */
export class Link {
  readonly #settings: Settings;
  readonly #user: LinkUser;
  readonly #codec: Codec;
  readonly #backoff: Backoff;
  #connection: Connection | undefined;
  #session: string | undefined;
  #ready = false;
  #stopped = false;
  #cancelTimer: () => void = () => undefined;
  readonly #online = (): void => this.retryNow();
  #waiting = false;

  constructor(settings: Settings, user: LinkUser) {
    this.#settings = settings;
    this.#user = user;
    this.#session = settings.session;
    this.#codec =
      settings.format === "binary" ? new BinaryCodec() : new JsonCodec(settings.embeddings);
    this.#backoff = new Backoff(settings.reconnect, settings.clock);
  }

  /** Whether messages can be sent. */
  get isReady(): boolean {
    return this.#ready;
  }

  get session(): string {
    return this.#session ?? "";
  }

  get bufferedAmount(): number {
    return this.#connection?.bufferedAmount ?? 0;
  }

  start(): void {
    globalThis.addEventListener?.("online", this.#online);
    this.#attempt();
  }

  /** Does not wait for the delay to be over. */
  retryNow(): void {
    if (!this.#waiting) return;
    this.#cancelTimer();
    this.#attempt();
  }

  encode(message: ClientMessage): string | Uint8Array<ArrayBuffer> {
    return this.#codec.encode(message);
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    this.#connection?.send(frame);
  }

  /** Gives the connection up, because of what the server said, and goes on with a new one. */
  reconnect(reason: string): void {
    this.#connection?.close(4003, reason);
  }

  /** Ends it for good. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#ready = this.#waiting = false;
    this.#cancelTimer();
    globalThis.removeEventListener?.("online", this.#online);
    this.#connection?.close(1000, "");
  }

  #attempt(): void {
    this.#waiting = false;
    let socket: WebSocketLike;
    try {
      socket = this.#open();
    } catch (error) {
      this.#giveUp(new MyelinError("invalid_argument", `Cannot open a WebSocket: ${String(error)}`));
      return;
    }
    const { clock, silenceTimeoutMs, connectTimeoutMs } = this.#settings;
    const connection = new Connection(socket, this.#codec, clock, silenceTimeoutMs, {
      opened: () => connection.send(this.#codec.encode(this.#init())),
      received: (message) => this.#received(message),
      ended: (end) => this.#lost(end),
    });
    this.#connection = connection;
    this.#cancelTimer = clock.after(connectTimeoutMs, () =>
      connection.close(4002, `The server did not answer within ${connectTimeoutMs} ms.`),
    );
  }

  #open(): WebSocketLike {
    const { WebSocket, url, apiKey } = this.#settings;
    return apiKey === undefined ? new WebSocket(url) : new WebSocket(url, keyProtocols(apiKey));
  }

  #init(): ClientMessage {
    const { space, maxInFlight, batchedAcks, indexedAcks } = this.#settings;
    return {
      type: "init",
      space,
      resume: this.#session,
      bufferSize: maxInFlight,
      batchedAcks,
      indexedAcks,
    };
  }

  #received(message: ServerMessage): void {
    if (this.#ready) {
      if (message.type !== "error") this.#backoff.reset();
      this.#user.received(message);
    } else if (message.type === "init_ack") {
      this.#accepted(message);
    } else if (message.type === "error") {
      this.#refused(new MyelinError(message.code, message.text));
    }
  }

  #accepted(ack: Extract<ServerMessage, { type: "init_ack" }>): void {
    this.#cancelTimer();
    const resumed = this.#session === ack.session;
    this.#session = ack.session;
    this.#ready = true;
    this.#user.ready({
      id: ack.session,
      resumed,
      initialSequence: ack.initialSequence,
      capabilities: ack.capabilities,
    });
  }

  #refused(reason: MyelinError): void {
    if (reason.isTemporary) this.reconnect(reason.code);
    else this.#giveUp(reason);
  }

  #lost(end: ConnectionEnd): void {
    this.#cancelTimer();
    this.#connection = undefined;
    this.#ready = false;
    if (this.#stopped) return;
    const delay = this.#backoff.next();
    if (delay === undefined) {
      this.#giveUp(
        new MyelinError(
          "gave_up",
          `No connection after ${this.#backoff.attempts} attempts (${end.code} ${end.reason}).` +
            ` Is the server running at ${this.#settings.url}?`,
        ),
      );
      return;
    }
    this.#waiting = true;
    this.#cancelTimer = this.#settings.clock.after(delay, () => this.#attempt());
    this.#user.lost(end, delay);
  }

  #giveUp(reason: MyelinError): void {
    this.stop();
    this.#user.gaveUp(reason);
  }
}

/** How a WebSocket shows a key: a browser lets it set subprotocols, but no headers. */
function keyProtocols(apiKey: string): string[] {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(apiKey)));
  const base64Url = base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return ["myelin.v1", `myelin.key.${base64Url}`];
}
