const RELOAD_MS = 1_000;
export class TabName {
    #release;
    #stop;
    hold(name, then) {
        const locks = locksHere();
        if (locks === undefined) {
            then(true);
            return;
        }
        const stop = (this.#stop = new AbortController());
        const late = setTimeout(() => stop.abort(), RELOAD_MS);
        const holding = () => {
            clearTimeout(late);
            then(true);
            return new Promise((release) => (this.#release = release));
        };
        locks.request(name, { signal: stop.signal }, holding).catch(() => {
            clearTimeout(late);
            if (this.#stop === stop)
                then(false);
        });
    }
    release() {
        this.#stop?.abort();
        this.#stop = undefined;
        this.#release?.();
        this.#release = undefined;
    }
}
function locksHere() {
    const { document, navigator } = globalThis;
    return document === undefined ? undefined : navigator?.locks;
}
