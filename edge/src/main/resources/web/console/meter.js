const LATENCIES = 2_000;
export const SECONDS = 60;
export class Meter {
    #acknowledged = 0;
    #rejected = 0;
    #latencies = [];
    #nextLatency = 0;
    #perSecond = new Array(SECONDS).fill(0);
    #second = 0;
    get acknowledged() {
        return this.#acknowledged;
    }
    get rejected() {
        return this.#rejected;
    }
    record(verdict, latencyMs, now) {
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
    history(now) {
        this.#turnTo(now);
        const next = (this.#second % SECONDS) + 1;
        return [...this.#perSecond.slice(next), ...this.#perSecond.slice(0, next)];
    }
    rate(now) {
        const history = this.history(now);
        const running = history[SECONDS - 1] ?? 0;
        const before = history[SECONDS - 2] ?? 0;
        return running + before * (1 - (now % 1000) / 1000);
    }
    latency(share) {
        if (this.#latencies.length === 0)
            return undefined;
        const sorted = [...this.#latencies].sort((a, b) => a - b);
        return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    }
    #turnTo(now) {
        const second = Math.floor(now / 1000);
        const from = Math.max(this.#second + 1, second - SECONDS + 1);
        for (let s = from; s <= second; s++)
            this.#perSecond[s % SECONDS] = 0;
        this.#second = Math.max(this.#second, second);
    }
}
