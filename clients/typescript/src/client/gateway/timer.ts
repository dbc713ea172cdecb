import type { Clock } from "../clock.js";

/** What `setTimeout` can wait; it takes more for zero. */
const LONGEST_MS = 2 ** 31 - 1;

/** One task that waits at most: to set it again takes the earlier one back. */
export class Timer {
  readonly #clock: Clock;
  #takeBack: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isSet(): boolean {
    return this.#takeBack !== undefined;
  }

  /** Runs the task once, after any number of milliseconds. */
  set(milliseconds: number, task: () => void): void {
    this.stop();
    const now = Math.min(milliseconds, LONGEST_MS);
    this.#takeBack = this.#clock.after(now, () => {
      this.#takeBack = undefined;
      if (milliseconds > now) this.set(milliseconds - now, task);
      else task();
    });
  }

  stop(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }
}
