import type { WebSocketLike } from "../socket.js";
import { readClose, type GatewayClose } from "./close.js";
import type { Credentials, Proof } from "./credentials.js";
import { errorOf, isError, type Envelope, type Json } from "./envelope.js";
import { GatewayError } from "./errors.js";
import type { GatewayState } from "./lifecycle.js";
import type { GatewaySettings } from "./options.js";
import { Pace } from "./pace.js";
import type { ConnectionAck } from "./payloads.js";
import { COMING_BACK, GatewaySocket } from "./socket.js";
import { Timer } from "./timer.js";

/** Who uses a link. */
export interface LinkUser {
  clientId(): string;
  /** The first message of a connection. */
  greeting(proof: Proof): Json;
  heartbeat(): Json;
  ready(ack: ConnectionAck, envelope: Envelope): void;
  received(envelope: Envelope): void;
  /** The connection is gone, or there was none; the next attempt follows after so many milliseconds. */
  lost(close: GatewayClose, retryInMs: number): void;
  /** An attempt failed before there was a connection, or the server said something of one. */
  failed(error: GatewayError): void;
  /** There will be no further attempt. */
  gaveUp(reason: GatewayError): void;
  changed(state: GatewayState): void;
}

/**
 * One client over many connections, one after the other: proves who it is, and when a connection breaks decides by
 * the close code whether to come back, and when.
 */
export class Link {
  readonly #settings: GatewaySettings;
  readonly #credentials: Credentials;
  readonly #user: LinkUser;
  readonly #pace: Pace;
  readonly #timer: Timer;
  #socket: GatewaySocket | undefined;
  #state: GatewayState = "idle";
  /** Which attempt is the one that counts; what an older one still does is ignored. */
  #attempt = 0;
  /** Before this nothing is tried, even if the network is back. */
  #notBefore = 0;
  /** The last fatal error that the server told before it closed. */
  #told: GatewayError | undefined;
  #proof: Proof = {};
  /** What the server did not accept, for as long as it has not accepted anything else. */
  #refused: Proof | undefined;

  constructor(settings: GatewaySettings, credentials: Credentials, user: LinkUser) {
    this.#settings = settings;
    this.#credentials = credentials;
    this.#user = user;
    this.#pace = new Pace(settings.clock, settings.reconnect.baseMs, settings.reconnect.maxMs);
    this.#timer = new Timer(settings.clock);
  }

  get state(): GatewayState {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state === "connected";
  }

  start(): void {
    if (this.#state !== "idle" && this.#state !== "closed") return;
    this.#pace.reset();
    this.#notBefore = 0;
    this.#refused = undefined;
    void this.#try();
  }

  send(message: Json): void {
    this.#socket?.send(message);
  }

  /** There is reason to look again: does not wait for the delay to be over, and doubts an old connection. */
  wake(): void {
    if (this.#state === "connected") this.#socket?.probe();
    else if (this.#state === "waiting" && this.#settings.clock.now() >= this.#notBefore) void this.#try();
  }

  /** Sends a heartbeat out of turn, for what it says. */
  tell(): void {
    this.#socket?.tell();
  }

  /** The server will close the connection: leaves it after so long and comes back. */
  leaveAfter(milliseconds: number): void {
    this.#timer.set(milliseconds, () => this.#socket?.close(COMING_BACK, "GOAWAY", 1012));
  }

  /** Ends it for good. */
  stop(): void {
    if (this.#state === "closed") return;
    this.#attempt++;
    this.#timer.stop();
    this.#pace.lost();
    this.#change("closed");
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000, "");
  }

  async #try(): Promise<void> {
    const attempt = ++this.#attempt;
    const counts = (): boolean => attempt === this.#attempt;
    this.#timer.stop();
    this.#change("connecting");
    try {
      this.#proof = await this.#credentials.prove();
    } catch (error) {
      if (counts()) this.#withoutProof(asError(error));
      return;
    }
    if (!counts()) return;
    if (this.#refused !== undefined && same(this.#refused, this.#proof)) {
      this.#giveUp(this.#told ?? tokenRefused());
      return;
    }
    this.#connect(counts);
  }

  #connect(counts: () => boolean): void {
    const { clock, connectTimeoutMs } = this.#settings;
    this.#told = undefined;
    let socket: WebSocketLike;
    try {
      socket = new this.#settings.WebSocket(this.#url());
    } catch (error) {
      this.#giveUp(new GatewayError(0, "INVALID_ARGUMENT", `Cannot open a WebSocket: ${String(error)}`));
      return;
    }
    const connection = new GatewaySocket(socket, clock, {
      opened: () => {
        this.#change("authenticating");
        connection.send(this.#user.greeting(this.#proof));
      },
      received: (envelope) => this.#received(envelope),
      ended: (close) => {
        if (counts()) this.#lost(close);
      },
    });
    this.#socket = connection;
    this.#timer.set(connectTimeoutMs, () => connection.close(COMING_BACK, "CONNECT_TIMEOUT", 1006));
  }

  #url(): string {
    const url = new URL(this.#settings.url);
    url.searchParams.set("client_id", this.#user.clientId());
    return url.href;
  }

  #received(envelope: Envelope): void {
    const error = isError(envelope) ? errorOf(envelope) : undefined;
    if (error?.fatal) this.#told = error;
    if (this.#state === "connected") {
      this.#user.received(envelope);
    } else if (error !== undefined) {
      this.#told = error;
      this.#user.failed(error);
    } else if (envelope.type === "connection.ack") {
      this.#accepted(envelope);
    }
  }

  #accepted(envelope: Envelope): void {
    const ack = envelope.payload as unknown as ConnectionAck;
    this.#timer.stop();
    this.#refused = undefined;
    this.#pace.set(ack.reconnect?.base_ms, ack.reconnect?.max_ms);
    this.#pace.connected();
    const interval = ack.heartbeat_interval_ms ?? 30_000;
    this.#socket?.keepAlive(interval, ack.heartbeat_timeout_ms ?? 45_000, () => this.#user.heartbeat());
    this.#change("connected");
    this.#user.ready(ack, envelope);
  }

  #lost(close: GatewayClose): void {
    this.#socket = undefined;
    if (this.#comesBack(close)) this.#wait(close, close.retryAfterMs ?? this.#told?.retryAfterMs);
    else this.#giveUp(this.#told ?? closedWith(close));
  }

  /** With what was not accepted it never does; another token is tried, but not one refused token after another. */
  #comesBack({ code, reconnects }: GatewayClose): boolean {
    if (code !== 4001 && code !== 4002) return reconnects;
    const again = this.#refused !== undefined;
    this.#credentials.expire();
    this.#refused = this.#proof;
    return this.#credentials.canChange && (code === 4002 || !again);
  }

  #withoutProof(error: GatewayError): void {
    if (!error.temporary) {
      this.#giveUp(error);
      return;
    }
    this.#user.failed(error);
    this.#wait(readClose(1006, error.name), undefined);
  }

  #wait(close: GatewayClose, retryAfterMs: number | undefined): void {
    this.#pace.lost();
    if (this.#pace.attempts >= this.#settings.reconnect.maxAttempts) {
      const told = `No stable connection after ${this.#pace.attempts} attempts (${close.code} ${close.name}).`;
      this.#giveUp(new GatewayError(0, "GAVE_UP", `${told} Is the server running at ${this.#settings.url}?`));
      return;
    }
    const delay = this.#pace.next(retryAfterMs);
    this.#notBefore = this.#settings.clock.now() + (retryAfterMs ?? 0);
    this.#timer.set(delay, () => void this.#try());
    this.#change("waiting");
    this.#user.lost(close, delay);
  }

  #giveUp(reason: GatewayError): void {
    this.stop();
    this.#user.gaveUp(reason);
  }

  #change(state: GatewayState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#user.changed(state);
  }
}

const same = (a: Proof, b: Proof): boolean => a.token === b.token && a.ticket === b.ticket;

const asError = (error: unknown): GatewayError =>
  error instanceof GatewayError
    ? error
    : new GatewayError(0, "TOKEN_UNAVAILABLE", `No ticket: ${String(error)}`, { temporary: true });

const tokenRefused = (): GatewayError =>
  new GatewayError(4001, "INVALID_TOKEN", "The server refused the token, and there is no other.", { fatal: true });

function closedWith({ code, name, retryAfterMs }: GatewayClose): GatewayError {
  const text = `The server closed the connection for good: ${code} ${name}. Mend the cause, then connect again.`;
  return new GatewayError(code, name, text, { fatal: true, retryAfterMs });
}
