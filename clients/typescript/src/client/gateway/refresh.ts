import type { Clock } from "../clock.js";
import { FRESH_MS, type Credentials } from "./credentials.js";
import { number, text, type Envelope } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { Pace } from "./pace.js";
import { Timer } from "./timer.js";

export interface RefreshUser {
  /** Sends the token; completes with the server's `connection.refreshed`. */
  refresh(token: string): Promise<Envelope>;
  refreshed(): void;
  failed(error: GatewayError): void;
}

/** Keeps the token of an open connection fresh: a minute before its end, or when the server says so. */
export class TokenRefresh {
  readonly #credentials: Credentials;
  readonly #user: RefreshUser;
  readonly #timer: Timer;
  readonly #pace: Pace;
  /** Of the connection; what an earlier one asked for does not count. */
  #round = 0;
  #busy = false;

  constructor(credentials: Credentials, clock: Clock, user: RefreshUser) {
    this.#credentials = credentials;
    this.#user = user;
    this.#timer = new Timer(clock);
    this.#pace = new Pace(clock, 1_000, 10_000);
  }

  /** A connection is open. */
  start(): void {
    this.stop();
    this.#pace.reset();
    this.#plan();
  }

  /** The server says that the token ends soon, or has ended. */
  now(): void {
    if (!this.#busy && this.#credentials.canRenew) void this.#refresh(this.#round);
  }

  stop(): void {
    this.#round++;
    this.#busy = false;
    this.#timer.stop();
  }

  #plan(): void {
    const left = this.#credentials.leftMs;
    if (!this.#credentials.canRenew || left === Infinity) return;
    // Of a token that lives no longer than that, half the time is used.
    this.#timer.set(Math.max(left - Math.min(FRESH_MS, left / 2), 0), () => this.now());
  }

  async #refresh(round: number): Promise<void> {
    this.#timer.stop();
    this.#busy = true;
    try {
      const token = await this.#credentials.renew();
      if (round !== this.#round) return;
      const { payload, timestamp } = await this.#user.refresh(token);
      if (round !== this.#round) return;
      this.#busy = false;
      this.#credentials.endsIn(between(timestamp, text(payload["expires_at"])));
      this.#pace.reset();
      this.#plan();
      this.#user.refreshed();
    } catch (error) {
      if (round !== this.#round) return;
      this.#busy = false;
      const failure = error as GatewayError;
      this.#user.failed(failure);
      const wait = this.#pace.next(number(failure.retryAfterMs));
      if (failure.code !== 0 || failure.temporary) this.#timer.set(wait, () => this.now());
    }
  }
}

/** Milliseconds from one time of the server to another, whatever the clock here says. */
export function between(from: string | undefined, to: string | undefined): number | undefined {
  const milliseconds = Date.parse(to ?? "") - (from === undefined ? Date.now() : Date.parse(from));
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
