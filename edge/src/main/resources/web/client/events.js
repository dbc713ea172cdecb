export class Emitter {
    #listeners = new Map();
    on(type, listener) {
        let all = this.#listeners.get(type);
        if (all === undefined)
            this.#listeners.set(type, (all = new Set()));
        all.add(listener);
        return () => this.off(type, listener);
    }
    off(type, listener) {
        this.#listeners.get(type)?.delete(listener);
    }
    once(type) {
        return new Promise((resolve) => {
            const stop = this.on(type, (detail) => {
                stop();
                resolve(detail);
            });
        });
    }
    emit(type, detail) {
        const all = this.#listeners.get(type);
        if (all === undefined || all.size === 0)
            return;
        for (const listener of [...all]) {
            try {
                listener(detail);
            }
            catch (error) {
                queueMicrotask(() => {
                    throw error;
                });
            }
        }
    }
}
