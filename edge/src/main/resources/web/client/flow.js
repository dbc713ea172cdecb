import { deferred, quiet } from "./deferred.js";
export class Flow {
    #link;
    #sender;
    #paused;
    #reply;
    constructor(link, sender) {
        this.#link = link;
        this.#sender = sender;
    }
    get isPaused() {
        return this.#paused === true;
    }
    set(paused) {
        this.#reply?.resolve();
        const reply = (this.#reply = deferred());
        this.#paused = paused;
        if (paused)
            this.#sender.pause(true);
        if (this.#link.isReady)
            this.tell();
        return quiet(reply.promise);
    }
    tell() {
        if (this.#paused === undefined)
            return;
        const action = this.#paused ? "pause" : "resume";
        this.#link.send(this.#link.encode({ type: "flow", session: this.#link.session, action }));
        if (!this.#paused)
            this.#sender.pause(false);
    }
    confirmed(paused) {
        if (this.#paused !== paused)
            return;
        this.#reply?.resolve();
        this.#reply = undefined;
    }
    fail(reason) {
        this.#reply?.reject(reason);
        this.#reply = undefined;
    }
}
