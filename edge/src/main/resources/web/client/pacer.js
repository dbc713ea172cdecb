var _a;
export class Pacer {
    static #LOWEST = 10;
    static #BURST_SECONDS = 0.02;
    static #SAME_TROUBLE_MS = 100;
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
    get limit() {
        return this.#limit;
    }
    delay(now) {
        if (now < this.#notBefore)
            return this.#notBefore - now;
        if (this.#limit === Infinity)
            return 0;
        this.#refill(now);
        return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#limit) * 1000;
    }
    sent(now) {
        const elapsed = now - this.#windowStart;
        if (elapsed >= 1000) {
            this.#lastRate = elapsed < 2000 ? (this.#windowCount * 1000) / elapsed : 0;
            this.#windowStart = now;
            this.#windowCount = 0;
        }
        this.#windowCount++;
        if (this.#limit !== Infinity)
            this.#tokens--;
    }
    slowDown(now, retryAfterMs) {
        this.#notBefore = Math.max(this.#notBefore, now + retryAfterMs);
        this.#recovering = false;
        if (now - this.#slowedAt < _a.#SAME_TROUBLE_MS)
            return;
        this.#slowedAt = now;
        const measured = Math.max(this.#lastRate, this.#windowCount);
        const current = Math.min(this.#limit, Math.max(measured, 2 * _a.#LOWEST));
        if (this.#limit === Infinity)
            this.#ceiling = 2 * current;
        this.#limit = Math.max(_a.#LOWEST, current / 2);
        this.#tokens = 0;
        this.#refilledAt = this.#notBefore;
    }
    speedUp(now) {
        if (this.#limit === Infinity)
            return;
        this.#refill(now);
        this.#notBefore = Math.min(this.#notBefore, now);
        this.#refilledAt = now;
        this.#recovering = true;
    }
    #refill(now) {
        const seconds = Math.max(0, now - this.#refilledAt) / 1000;
        this.#refilledAt = Math.max(this.#refilledAt, now);
        if (this.#recovering) {
            this.#limit *= 2 ** seconds;
            if (this.#limit >= this.#ceiling)
                this.#limit = Infinity;
        }
        const burst = Math.max(1, this.#limit * _a.#BURST_SECONDS);
        this.#tokens = Math.min(burst, this.#tokens + this.#limit * seconds);
    }
}
_a = Pacer;
