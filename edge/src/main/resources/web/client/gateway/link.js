import { readClose } from "./close.js";
import { errorOf, isError } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { Pace } from "./pace.js";
import { COMING_BACK, GatewaySocket } from "./socket.js";
import { Timer } from "./timer.js";
export class Link {
    #settings;
    #credentials;
    #user;
    #pace;
    #timer;
    #socket;
    #state = "idle";
    #attempt = 0;
    #notBefore = 0;
    #told;
    #proof = {};
    #refused;
    constructor(settings, credentials, user) {
        this.#settings = settings;
        this.#credentials = credentials;
        this.#user = user;
        this.#pace = new Pace(settings.clock, settings.reconnect.baseMs, settings.reconnect.maxMs);
        this.#timer = new Timer(settings.clock);
    }
    get state() {
        return this.#state;
    }
    get isReady() {
        return this.#state === "connected";
    }
    start() {
        if (this.#state !== "idle" && this.#state !== "closed")
            return;
        this.#pace.reset();
        this.#notBefore = 0;
        this.#refused = undefined;
        void this.#try();
    }
    send(message) {
        this.#socket?.send(message);
    }
    wake() {
        if (this.#state === "connected")
            this.#socket?.probe();
        else if (this.#state === "waiting" && this.#settings.clock.now() >= this.#notBefore)
            void this.#try();
    }
    tell() {
        this.#socket?.tell();
    }
    leaveAfter(milliseconds) {
        this.#timer.set(milliseconds, () => this.#socket?.close(COMING_BACK, "GOAWAY", 1012));
    }
    stop() {
        if (this.#state === "closed")
            return;
        this.#attempt++;
        this.#timer.stop();
        this.#pace.lost();
        this.#change("closed");
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close(1000, "");
    }
    async #try() {
        const attempt = ++this.#attempt;
        const counts = () => attempt === this.#attempt;
        this.#timer.stop();
        this.#change("connecting");
        try {
            this.#proof = await this.#credentials.prove();
        }
        catch (error) {
            if (counts())
                this.#withoutProof(asError(error));
            return;
        }
        if (!counts())
            return;
        if (this.#refused !== undefined && same(this.#refused, this.#proof)) {
            this.#giveUp(this.#told ?? tokenRefused());
            return;
        }
        this.#connect(counts);
    }
    #connect(counts) {
        const { clock, connectTimeoutMs } = this.#settings;
        this.#told = undefined;
        let socket;
        try {
            socket = new this.#settings.WebSocket(this.#url());
        }
        catch (error) {
            this.#giveUp(new GatewayError(0, "INVALID_ARGUMENT", `Cannot open a WebSocket: ${String(error)}`));
            return;
        }
        const connection = new GatewaySocket(socket, clock, {
            opened: () => {
                this.#change("authenticating");
                connection.send(this.#user.greeting(this.#proof));
            },
            received: (envelope) => this.#received(envelope),
            ended: (close) => {
                if (counts())
                    this.#lost(close);
            },
        });
        this.#socket = connection;
        this.#timer.set(connectTimeoutMs, () => connection.close(COMING_BACK, "CONNECT_TIMEOUT", 1006));
    }
    #url() {
        const url = new URL(this.#settings.url);
        url.searchParams.set("client_id", this.#user.clientId());
        return url.href;
    }
    #received(envelope) {
        const error = isError(envelope) ? errorOf(envelope) : undefined;
        if (error?.fatal)
            this.#told = error;
        if (this.#state === "connected") {
            this.#user.received(envelope);
        }
        else if (error !== undefined) {
            this.#told = error;
            this.#user.failed(error);
        }
        else if (envelope.type === "connection.ack") {
            this.#accepted(envelope);
        }
    }
    #accepted(envelope) {
        const ack = envelope.payload;
        this.#timer.stop();
        this.#refused = undefined;
        this.#pace.set(ack.reconnect?.base_ms, ack.reconnect?.max_ms);
        this.#pace.connected();
        const interval = ack.heartbeat_interval_ms ?? 30_000;
        this.#socket?.keepAlive(interval, ack.heartbeat_timeout_ms ?? 45_000, () => this.#user.heartbeat());
        this.#change("connected");
        this.#user.ready(ack, envelope);
    }
    #lost(close) {
        this.#socket = undefined;
        if (this.#comesBack(close))
            this.#wait(close, close.retryAfterMs ?? this.#told?.retryAfterMs);
        else
            this.#giveUp(this.#told ?? closedWith(close));
    }
    #comesBack({ code, reconnects }) {
        if (code !== 4001 && code !== 4002)
            return reconnects;
        const again = this.#refused !== undefined;
        this.#credentials.expire();
        this.#refused = this.#proof;
        return this.#credentials.canChange && (code === 4002 || !again);
    }
    #withoutProof(error) {
        if (!error.temporary) {
            this.#giveUp(error);
            return;
        }
        this.#user.failed(error);
        this.#wait(readClose(1006, error.name), undefined);
    }
    #wait(close, retryAfterMs) {
        this.#pace.lost();
        if (this.#pace.attempts >= this.#settings.reconnect.maxAttempts) {
            const told = `No stable connection after ${this.#pace.attempts} attempts (${close.code} ${close.name}).`;
            this.#giveUp(new GatewayError(0, "GAVE_UP", `${told} Is the server running at ${this.#settings.url}?`));
            return;
        }
        const delay = this.#pace.next(retryAfterMs);
        this.#notBefore = this.#settings.clock.now() + (retryAfterMs ?? 0);
        this.#timer.set(delay, () => void this.#try());
        this.#change("waiting");
        this.#user.lost(close, delay);
    }
    #giveUp(reason) {
        this.stop();
        this.#user.gaveUp(reason);
    }
    #change(state) {
        if (this.#state === state)
            return;
        this.#state = state;
        this.#user.changed(state);
    }
}
const same = (a, b) => a.token === b.token && a.ticket === b.ticket;
const asError = (error) => error instanceof GatewayError
    ? error
    : new GatewayError(0, "TOKEN_UNAVAILABLE", `No ticket: ${String(error)}`, { temporary: true });
const tokenRefused = () => new GatewayError(4001, "INVALID_TOKEN", "The server refused the token, and there is no other.", { fatal: true });
function closedWith({ code, name, retryAfterMs }) {
    const text = `The server closed the connection for good: ${code} ${name}. Mend the cause, then connect again.`;
    return new GatewayError(code, name, text, { fatal: true, retryAfterMs });
}
