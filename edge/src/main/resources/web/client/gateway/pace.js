export const STABLE_MS = 30_000;
export class Pace {
    #clock;
    #baseMs;
    #maxMs;
    #attempts = 0;
    #cancelReset = () => undefined;
    constructor(clock, baseMs, maxMs) {
        this.#clock = clock;
        this.#baseMs = baseMs;
        this.#maxMs = maxMs;
    }
    get attempts() {
        return this.#attempts;
    }
    set(baseMs, maxMs) {
        if (baseMs !== undefined && baseMs > 0)
            this.#baseMs = baseMs;
        if (maxMs !== undefined && maxMs > 0)
            this.#maxMs = maxMs;
    }
    connected() {
        this.#cancelReset();
        this.#cancelReset = this.#clock.after(STABLE_MS, () => this.reset());
    }
    lost() {
        this.#cancelReset();
    }
    reset() {
        this.#cancelReset();
        this.#attempts = 0;
    }
    next(retryAfterMs = 0) {
        const ceiling = Math.min(this.#maxMs, this.#baseMs * 2 ** Math.min(this.#attempts, 52));
        this.#attempts++;
        return retryAfterMs + this.#clock.random() * ceiling;
    }
}
