const LONGEST_MS = 2 ** 31 - 1;
export class Timer {
    #clock;
    #takeBack;
    constructor(clock) {
        this.#clock = clock;
    }
    get isSet() {
        return this.#takeBack !== undefined;
    }
    set(milliseconds, task) {
        this.stop();
        const now = Math.min(milliseconds, LONGEST_MS);
        this.#takeBack = this.#clock.after(now, () => {
            this.#takeBack = undefined;
            if (milliseconds > now)
                this.set(milliseconds - now, task);
            else
                task();
        });
    }
    stop() {
        this.#takeBack?.();
        this.#takeBack = undefined;
    }
}
