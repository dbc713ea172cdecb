import type { Verdict } from "../client/index.js";

const LATENCIES = 2_000;
export const SECONDS = 60;

/** Counts verdicts: how many, how many a second, how long they took. */
export class Meter {
  #acknowledged = 0;
  #rejected = 0;
  readonly #latencies: number[] = [];
  #nextLatency = 0;
  readonly #perSecond = new Array<number>(SECONDS).fill(0);
  #second = 0;

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** Takes a verdict that came `latencyMs` after its observation, at `now` (milliseconds). */
  record(verdict: Verdict, latencyMs: number, now: number): void {
    this.#turnTo(now);
    if (verdict.status === "rejected") {
      this.#rejected++;
      return;
    }
    this.#acknowledged++;
    const bucket = this.#second % SECONDS;
    this.#perSecond[bucket] = (this.#perSecond[bucket] ?? 0) + 1;
    this.#latencies[this.#nextLatency] = latencyMs;
    this.#nextLatency = (this.#nextLatency + 1) % LATENCIES;
  }

  /** Acknowledgements in each of the last sixty seconds, oldest first, the running one last. */
  history(now: number): number[] {
    this.#turnTo(now);
    const next = (this.#second % SECONDS) + 1;
    return [...this.#perSecond.slice(next), ...this.#perSecond.slice(0, next)];
  }

  /** Acknowledgements in the last second, as far as it is known. */
  rate(now: number): number {
    const history = this.history(now);
    const running = history[SECONDS - 1] ?? 0;
    const before = history[SECONDS - 2] ?? 0;
    return running + before * (1 - (now % 1000) / 1000);
  }

  /** The latency that a share of the newest observations does not pass. */
  latency(share: number): number | undefined {
    if (this.#latencies.length === 0) return undefined;
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }

  #turnTo(now: number): void {
    const second = Math.floor(now / 1000);
    const from = Math.max(this.#second + 1, second - SECONDS + 1);
    for (let s = from; s <= second; s++) this.#perSecond[s % SECONDS] = 0;
    this.#second = Math.max(this.#second, second);
  }
}
