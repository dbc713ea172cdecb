import type { Clock } from "../clock.js";

/** How long a connection has to last until the next break counts as the first one again. */
export const STABLE_MS = 30_000;

/**
 * When to try again: after a random part of a ceiling that doubles (full jitter), so that clients that lost
 * the same server do not come back in one wave. The server sets base and ceiling; only a connection that was
 * stable for a while makes the delays short again, or a server that accepts and drops would be hammered.
 */
export class Pace {
  readonly #clock: Clock;
  #baseMs: number;
  #maxMs: number;
  #attempts = 0;
  #cancelReset: () => void = () => undefined;

  constructor(clock: Clock, baseMs: number, maxMs: number) {
    this.#clock = clock;
    this.#baseMs = baseMs;
    this.#maxMs = maxMs;
  }

  /** Attempts since the last stable connection. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Takes over what the server asks for. */
  set(baseMs: number | undefined, maxMs: number | undefined): void {
    if (baseMs !== undefined && baseMs > 0) this.#baseMs = baseMs;
    if (maxMs !== undefined && maxMs > 0) this.#maxMs = maxMs;
  }

  /** A connection is there; it has to prove itself. */
  connected(): void {
    this.#cancelReset();
    this.#cancelReset = this.#clock.after(STABLE_MS, () => this.reset());
  }

  /** The connection is gone, or nobody wants one any more. */
  lost(): void {
    this.#cancelReset();
  }

  reset(): void {
    this.#cancelReset();
    this.#attempts = 0;
  }

  /** The delay before the next attempt: what the server asks for, and a random part of the ceiling behind it. */
  next(retryAfterMs = 0): number {
    const ceiling = Math.min(this.#maxMs, this.#baseMs * 2 ** Math.min(this.#attempts, 52));
    this.#attempts++;
    return retryAfterMs + this.#clock.random() * ceiling;
  }
}
