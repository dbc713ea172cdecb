export class Backoff {
    #attempts = 0;
    #options;
    #clock;
    constructor(options, clock) {
        this.#options = options;
        this.#clock = clock;
    }
    get attempts() {
        return this.#attempts;
    }
    next() {
        const { baseMs, maxMs, maxAttempts } = this.#options;
        if (this.#attempts >= maxAttempts)
            return undefined;
        const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(this.#attempts, 52));
        this.#attempts++;
        return this.#clock.random() * ceiling;
    }
    reset() {
        this.#attempts = 0;
    }
}
