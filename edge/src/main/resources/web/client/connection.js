import { MyelinError } from "./errors.js";
import { OPEN } from "./socket.js";
const MAX_REASON = 40;
export class Connection {
    #socket;
    #codec;
    #clock;
    #user;
    #silenceMs;
    #heardAt;
    #cancelWatch = () => undefined;
    #ended = false;
    constructor(socket, codec, clock, silenceMs, user) {
        this.#socket = socket;
        this.#codec = codec;
        this.#clock = clock;
        this.#user = user;
        this.#silenceMs = silenceMs;
        this.#heardAt = clock.now();
        socket.binaryType = "arraybuffer";
        socket.onopen = () => this.#opened();
        socket.onmessage = (event) => this.#received(event.data);
        socket.onclose = (event) => this.#end({ code: event.code ?? 1006, reason: event.reason ?? "" });
        socket.onerror = () => undefined;
    }
    get bufferedAmount() {
        return this.#socket.bufferedAmount;
    }
    send(frame) {
        if (this.#socket.readyState === OPEN)
            this.#socket.send(frame);
    }
    close(code, reason) {
        if (this.#ended)
            return;
        this.#socket.close(code, reason.slice(0, MAX_REASON));
        this.#end({ code, reason });
    }
    #opened() {
        if (this.#ended)
            return;
        this.#heardAt = this.#clock.now();
        this.#watch(this.#silenceMs);
        this.#user.opened();
    }
    #received(data) {
        if (this.#ended)
            return;
        this.#heardAt = this.#clock.now();
        let message;
        try {
            message = this.#codec.decode(data);
        }
        catch (error) {
            this.close(4000, error instanceof MyelinError ? error.message : "bad message");
            return;
        }
        this.#user.received(message);
    }
    #watch(milliseconds) {
        this.#cancelWatch = this.#clock.after(milliseconds, () => {
            const left = this.#heardAt + this.#silenceMs - this.#clock.now();
            if (left > 0)
                this.#watch(left);
            else
                this.close(4001, `The server said nothing for ${this.#silenceMs} ms.`);
        });
    }
    #end(end) {
        if (this.#ended)
            return;
        this.#ended = true;
        this.#cancelWatch();
        const socket = this.#socket;
        socket.onopen = socket.onmessage = socket.onclose = null;
        this.#user.ended(end);
    }
}
