import type { Clock } from "./clock.js";

export interface BackoffOptions {
  /** Upper end of the first delay. */
  readonly baseMs: number;
  /** No delay is longer. */
  readonly maxMs: number;
  /** Attempts in a row before the client gives up. */
  readonly maxAttempts: number;
}

/**
 * How long to wait before the next attempt: exponential, with full jitter, so that clients that lost the
 * same server do not come back in one wave.
 */
export class Backoff {
  #attempts = 0;
  readonly #options: BackoffOptions;
  readonly #clock: Clock;

  constructor(options: BackoffOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** The delay before the next attempt, or undefined if there should be none. */
  next(): number | undefined {
    const { baseMs, maxMs, maxAttempts } = this.#options;
    if (this.#attempts >= maxAttempts) return undefined;
    const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(this.#attempts, 52));
    this.#attempts++;
    return this.#clock.random() * ceiling;
  }

  /** The connection proved good: the next delay is short again. */
  reset(): void {
    this.#attempts = 0;
  }
}
