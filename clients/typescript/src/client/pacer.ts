/**
 * How fast observations may leave.
 *
 * Without pressure there is no limit. When the server says BACKPRESSURE, the rate halves (of what was
 * really sent in the last second, or of the limit in force) and nothing is sent until the server's
 * `retry_after` is over. When it says ACTIVE, the limit doubles every second until it is twice the rate
 * at which the trouble began, and then goes away. Times are milliseconds of the caller's clock.
 */
export class Pacer {
  static readonly #LOWEST = 10;
  static readonly #BURST_SECONDS = 0.02;
  /** Complaints that come closer together are about the same trouble. */
  static readonly #SAME_TROUBLE_MS = 100;

  #limit = Infinity;
  #ceiling = Infinity;
  #recovering = false;
  #tokens = 0;
  #refilledAt = 0;
  #notBefore = 0;
  #windowStart = 0;
  #windowCount = 0;
  #lastRate = 0;
  #slowedAt = -Infinity;

  /** Observations a second that may leave now; Infinity if there is no limit. */
  get limit(): number {
    return this.#limit;
  }

  /** Milliseconds until one more may leave: 0 now. */
  delay(now: number): number {
    if (now < this.#notBefore) return this.#notBefore - now;
    if (this.#limit === Infinity) return 0;
    this.#refill(now);
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#limit) * 1000;
  }

  /** One left. */
  sent(now: number): void {
    const elapsed = now - this.#windowStart;
    if (elapsed >= 1000) {
      this.#lastRate = elapsed < 2000 ? (this.#windowCount * 1000) / elapsed : 0;
      this.#windowStart = now;
      this.#windowCount = 0;
    }
    this.#windowCount++;
    if (this.#limit !== Infinity) this.#tokens--;
  }

  /** The server asks for less. */
  slowDown(now: number, retryAfterMs: number): void {
    this.#notBefore = Math.max(this.#notBefore, now + retryAfterMs);
    this.#recovering = false;
    if (now - this.#slowedAt < Pacer.#SAME_TROUBLE_MS) return;
    this.#slowedAt = now;
    const measured = Math.max(this.#lastRate, this.#windowCount);
    const current = Math.min(this.#limit, Math.max(measured, 2 * Pacer.#LOWEST));
    if (this.#limit === Infinity) this.#ceiling = 2 * current;
    this.#limit = Math.max(Pacer.#LOWEST, current / 2);
    this.#tokens = 0;
    this.#refilledAt = this.#notBefore;
  }

  /** The server has room again. */
  speedUp(now: number): void {
    if (this.#limit === Infinity) return;
    this.#refill(now);
    this.#notBefore = Math.min(this.#notBefore, now);
    this.#refilledAt = now;
    this.#recovering = true;
  }

  #refill(now: number): void {
    const seconds = Math.max(0, now - this.#refilledAt) / 1000;
    this.#refilledAt = Math.max(this.#refilledAt, now);
    if (this.#recovering) {
      this.#limit *= 2 ** seconds;
      if (this.#limit >= this.#ceiling) this.#limit = Infinity;
    }
    const burst = Math.max(1, this.#limit * Pacer.#BURST_SECONDS);
    this.#tokens = Math.min(burst, this.#tokens + this.#limit * seconds);
  }
}
