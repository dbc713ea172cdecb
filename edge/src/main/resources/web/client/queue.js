import { deferred } from "./deferred.js";
export class Queue {
    #capacity;
    #items = [];
    #head = 0;
    #ended = false;
    #failure;
    #waiting;
    #full;
    constructor(capacity) {
        this.#capacity = capacity;
    }
    put(item) {
        if (this.#ended)
            return;
        this.#items.push(item);
        this.#wake();
        if (this.#items.length - this.#head < this.#capacity)
            return;
        return (this.#full ??= deferred()).promise;
    }
    end(failure) {
        if (this.#ended)
            return;
        this.#ended = true;
        this.#failure = failure;
        this.#wake();
        this.#full?.resolve();
    }
    async take() {
        while (this.#head === this.#items.length) {
            if (this.#ended) {
                if (this.#failure !== undefined)
                    throw this.#failure;
                return undefined;
            }
            await (this.#waiting ??= deferred()).promise;
        }
        const item = this.#items[this.#head++];
        if (this.#head === this.#items.length || this.#head > 1024) {
            this.#items = this.#items.slice(this.#head);
            this.#head = 0;
        }
        this.#full?.resolve();
        this.#full = undefined;
        return item;
    }
    #wake() {
        this.#waiting?.resolve();
        this.#waiting = undefined;
    }
}
