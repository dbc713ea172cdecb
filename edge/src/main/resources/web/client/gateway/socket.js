import { OPEN } from "../socket.js";
import { readClose } from "./close.js";
import { decode } from "./envelope.js";
import { Timer } from "./timer.js";
export const COMING_BACK = 4900;
const PROBE_MS = 5_000;
const HELD_UP_MS = 2_000;
export class GatewaySocket {
    #socket;
    #clock;
    #user;
    #timer;
    #heard = false;
    #intervalMs = Infinity;
    #graceMs = 0;
    #heartbeat;
    #ended = false;
    constructor(socket, clock, user) {
        this.#socket = socket;
        this.#clock = clock;
        this.#user = user;
        this.#timer = new Timer(clock);
        socket.onopen = () => {
            if (!this.#ended)
                user.opened();
        };
        socket.onmessage = (event) => this.#received(event.data);
        socket.onclose = (event) => this.#end(readClose(event.code ?? 1006, event.reason ?? ""));
        socket.onerror = () => undefined;
    }
    send(message) {
        if (this.#socket.readyState === OPEN)
            this.#socket.send(JSON.stringify(message));
    }
    keepAlive(intervalMs, timeoutMs, heartbeat) {
        this.#intervalMs = intervalMs;
        this.#graceMs = Math.max(timeoutMs - intervalMs, PROBE_MS);
        this.#heartbeat = heartbeat;
        this.#timer.set(intervalMs, () => this.#beat(this.#graceMs));
    }
    probe() {
        if (this.#heartbeat !== undefined && !this.#ended)
            this.#beat(PROBE_MS);
    }
    tell() {
        if (this.#heartbeat !== undefined && !this.#ended)
            this.send(this.#heartbeat());
    }
    close(code, reason, as = code) {
        if (this.#ended)
            return;
        this.#socket.close(code, reason);
        this.#end(readClose(as, reason));
    }
    #beat(graceMs) {
        const sentAt = this.#clock.now();
        this.#heard = false;
        this.tell();
        this.#timer.set(graceMs, () => {
            const late = this.#clock.now() - sentAt - graceMs;
            if (this.#heard)
                this.#rest(graceMs);
            else if (late > HELD_UP_MS)
                this.#beat(PROBE_MS);
            else
                this.close(COMING_BACK, "HEARTBEAT_TIMEOUT", 4017);
        });
    }
    #rest(passedMs) {
        this.#timer.set(Math.max(this.#intervalMs - passedMs, 1), () => this.#beat(this.#graceMs));
    }
    #received(data) {
        if (this.#ended)
            return;
        this.#heard = true;
        let envelopes;
        try {
            envelopes = decode(data);
        }
        catch {
            this.close(COMING_BACK, "BAD_MESSAGE", 1006);
            return;
        }
        for (const envelope of envelopes) {
            if (this.#ended)
                return;
            this.#user.received(envelope);
        }
    }
    #end(close) {
        if (this.#ended)
            return;
        this.#ended = true;
        this.#timer.stop();
        const socket = this.#socket;
        socket.onopen = socket.onmessage = socket.onclose = null;
        this.#user.ended(close);
    }
}
