import { Backoff } from "./backoff.js";
import { Connection } from "./connection.js";
import { MyelinError } from "./errors.js";
import { BinaryCodec } from "./wire/binary.js";
import { JsonCodec } from "./wire/json.js";
export class Link {
    #settings;
    #user;
    #codec;
    #backoff;
    #connection;
    #session;
    #ready = false;
    #stopped = false;
    #cancelTimer = () => undefined;
    #online = () => this.retryNow();
    #waiting = false;
    constructor(settings, user) {
        this.#settings = settings;
        this.#user = user;
        this.#session = settings.session;
        this.#codec =
            settings.format === "binary" ? new BinaryCodec() : new JsonCodec(settings.embeddings);
        this.#backoff = new Backoff(settings.reconnect, settings.clock);
    }
    get isReady() {
        return this.#ready;
    }
    get session() {
        return this.#session ?? "";
    }
    get bufferedAmount() {
        return this.#connection?.bufferedAmount ?? 0;
    }
    start() {
        globalThis.addEventListener?.("online", this.#online);
        this.#attempt();
    }
    retryNow() {
        if (!this.#waiting)
            return;
        this.#cancelTimer();
        this.#attempt();
    }
    encode(message) {
        return this.#codec.encode(message);
    }
    send(frame) {
        this.#connection?.send(frame);
    }
    reconnect(reason) {
        this.#connection?.close(4003, reason);
    }
    stop() {
        if (this.#stopped)
            return;
        this.#stopped = true;
        this.#ready = this.#waiting = false;
        this.#cancelTimer();
        globalThis.removeEventListener?.("online", this.#online);
        this.#connection?.close(1000, "");
    }
    #attempt() {
        this.#waiting = false;
        let socket;
        try {
            socket = this.#open();
        }
        catch (error) {
            this.#giveUp(new MyelinError("invalid_argument", `Cannot open a WebSocket: ${String(error)}`));
            return;
        }
        const { clock, silenceTimeoutMs, connectTimeoutMs } = this.#settings;
        const connection = new Connection(socket, this.#codec, clock, silenceTimeoutMs, {
            opened: () => connection.send(this.#codec.encode(this.#init())),
            received: (message) => this.#received(message),
            ended: (end) => this.#lost(end),
        });
        this.#connection = connection;
        this.#cancelTimer = clock.after(connectTimeoutMs, () => connection.close(4002, `The server did not answer within ${connectTimeoutMs} ms.`));
    }
    #open() {
        const { WebSocket, url, apiKey } = this.#settings;
        return apiKey === undefined ? new WebSocket(url) : new WebSocket(url, keyProtocols(apiKey));
    }
    #init() {
        const { space, maxInFlight, batchedAcks, indexedAcks } = this.#settings;
        return {
            type: "init",
            space,
            resume: this.#session,
            bufferSize: maxInFlight,
            batchedAcks,
            indexedAcks,
        };
    }
    #received(message) {
        if (this.#ready) {
            if (message.type !== "error")
                this.#backoff.reset();
            this.#user.received(message);
        }
        else if (message.type === "init_ack") {
            this.#accepted(message);
        }
        else if (message.type === "error") {
            this.#refused(new MyelinError(message.code, message.text));
        }
    }
    #accepted(ack) {
        this.#cancelTimer();
        const resumed = this.#session === ack.session;
        this.#session = ack.session;
        this.#ready = true;
        this.#user.ready({
            id: ack.session,
            resumed,
            initialSequence: ack.initialSequence,
            capabilities: ack.capabilities,
        });
    }
    #refused(reason) {
        if (reason.isTemporary)
            this.reconnect(reason.code);
        else
            this.#giveUp(reason);
    }
    #lost(end) {
        this.#cancelTimer();
        this.#connection = undefined;
        this.#ready = false;
        if (this.#stopped)
            return;
        const delay = this.#backoff.next();
        if (delay === undefined) {
            this.#giveUp(new MyelinError("gave_up", `No connection after ${this.#backoff.attempts} attempts (${end.code} ${end.reason}).` +
                ` Is the server running at ${this.#settings.url}?`));
            return;
        }
        this.#waiting = true;
        this.#cancelTimer = this.#settings.clock.after(delay, () => this.#attempt());
        this.#user.lost(end, delay);
    }
    #giveUp(reason) {
        this.stop();
        this.#user.gaveUp(reason);
    }
}
function keyProtocols(apiKey) {
    const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(apiKey)));
    const base64Url = base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    return ["myelin.v1", `myelin.key.${base64Url}`];
}
