import { deferred, quiet } from "../deferred.js";
import { errorOf, isError } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { uuid7 } from "./ids.js";
import { Pace } from "./pace.js";
import { Timer } from "./timer.js";
const MAX_TRIES = 4;
export class Outbox {
    #limits;
    #saved;
    #clock;
    #entries = new Map();
    #timer;
    #settled;
    #send;
    #maxInFlight = 32;
    #size = 0;
    #paused = false;
    #writing = false;
    #empty;
    constructor(limits, saved, clock, settled) {
        this.#limits = limits;
        this.#saved = saved;
        this.#clock = clock;
        this.#timer = new Timer(clock);
        this.#settled = settled;
        for (const command of saved.commands())
            this.#put(command, "kept", undefined);
    }
    get size() {
        return this.#entries.size;
    }
    empty() {
        if (this.#entries.size === 0)
            return Promise.resolve();
        return (this.#empty ??= deferred()).promise;
    }
    add({ id, type, channel, correlationId, payload, fate }) {
        const command = { id: id ?? uuid7(), type, channel, correlationId, payload };
        const known = this.#entries.get(command.id);
        if (known?.reply !== undefined)
            return known.reply.promise;
        const { maxCommands, maxBytes } = this.#limits;
        const size = JSON.stringify(payload).length;
        if (this.#entries.size >= maxCommands || this.#size + size > maxBytes) {
            const most = `at most: ${maxCommands}, ${maxBytes} bytes`;
            const told = `${this.#entries.size} commands wait for their reply (${most}).`;
            throw new GatewayError(0, "OUTBOX_FULL", told, { temporary: true, requestType: type });
        }
        const reply = deferred();
        this.#put(command, fate, reply);
        if (fate === "kept")
            this.#write();
        this.#pump();
        return quiet(reply.promise);
    }
    open(send, maxInFlight) {
        this.#send = send;
        this.#paused = false;
        this.#maxInFlight = maxInFlight ?? this.#maxInFlight;
        for (const entry of this.#entries.values())
            entry.sent = false;
        this.#pump();
    }
    shut() {
        this.#send = undefined;
        this.#timer.stop();
        for (const entry of [...this.#entries.values()]) {
            if (entry.fate === "once")
                this.#settle(entry, undefined, lost(entry.type));
        }
    }
    pause(paused) {
        this.#paused = paused;
        if (!paused)
            this.#pump();
    }
    replied(envelope) {
        const entry = this.#entries.get(envelope.reply_to ?? "");
        if (entry === undefined)
            return false;
        const error = isError(envelope) ? errorOf(envelope) : undefined;
        if (error === undefined || !this.#postpone(entry, error))
            this.#settle(entry, envelope, error);
        this.#pump();
        return true;
    }
    abandon(all) {
        for (const entry of [...this.#entries.values()]) {
            if (all || entry.reply === undefined)
                this.#settle(entry, undefined, abandoned(entry.type));
        }
        this.#write();
    }
    leaveToOther() {
        for (const entry of [...this.#entries.values()])
            if (entry.reply === undefined)
                this.#remove(entry);
        this.#write();
    }
    fail(reason) {
        this.#timer.stop();
        for (const entry of [...this.#entries.values()]) {
            entry.reply?.reject(reason);
            entry.reply = undefined;
            if (entry.fate !== "kept")
                this.#remove(entry);
        }
        this.#writeNow();
    }
    flush() {
        if (this.#writing)
            this.#writeNow();
    }
    #put(command, fate, reply) {
        const size = JSON.stringify(command.payload).length;
        this.#size += size;
        this.#entries.set(command.id, { ...command, fate, size, reply, sent: false, tries: 0, heldUntil: 0 });
    }
    #postpone(entry, { code, retryAfterMs }) {
        if (entry.fate === "once")
            return false;
        if (code === 4004 && retryAfterMs !== undefined && entry.tries < MAX_TRIES) {
            const jitter = new Pace(this.#clock, 500, 500).next(retryAfterMs);
            entry.heldUntil = this.#clock.now() + jitter;
        }
        else if (code === 4002) {
            this.#paused = true;
        }
        else {
            return false;
        }
        entry.sent = false;
        return true;
    }
    #pump() {
        const send = this.#send;
        if (send === undefined)
            return;
        const now = this.#clock.now();
        const behind = new Set();
        let inFlight = 0;
        let wakeAt = Infinity;
        for (const entry of this.#entries.values())
            if (entry.sent)
                inFlight++;
        for (const entry of [...this.#entries.values()]) {
            if (entry.sent)
                continue;
            const once = entry.fate === "once";
            const channel = entry.channel ?? "";
            if (entry.heldUntil > now)
                wakeAt = Math.min(wakeAt, entry.heldUntil);
            if (!once && (this.#paused || inFlight >= this.#maxInFlight || behind.has(channel)))
                continue;
            if (entry.heldUntil > now) {
                behind.add(channel);
                continue;
            }
            entry.sent = true;
            entry.tries++;
            inFlight++;
            send(written(entry));
        }
        this.#timer.stop();
        if (wakeAt < Infinity)
            this.#timer.set(wakeAt - now, () => this.#pump());
    }
    #settle(entry, reply, error) {
        this.#remove(entry);
        if (error !== undefined)
            entry.reply?.reject(error);
        else if (reply !== undefined)
            entry.reply?.resolve(reply);
        if (entry.fate !== "kept")
            return;
        this.#write();
        this.#settled({
            command: saved(entry),
            ...(reply !== undefined && error === undefined && { reply }),
            ...(error !== undefined && { error }),
        });
    }
    #remove(entry) {
        this.#entries.delete(entry.id);
        this.#size -= entry.size;
        if (this.#entries.size > 0)
            return;
        this.#empty?.resolve();
        this.#empty = undefined;
    }
    #write() {
        if (this.#writing)
            return;
        this.#writing = true;
        queueMicrotask(() => this.flush());
    }
    #writeNow() {
        this.#writing = false;
        const kept = [...this.#entries.values()].filter(({ fate }) => fate === "kept");
        this.#saved.writeCommands(kept.map(saved));
    }
}
function saved({ id, type, channel, correlationId, payload }) {
    return { id, type, channel, correlationId, payload };
}
function written({ id, type, channel, correlationId, payload }) {
    return { id, type, channel, correlation_id: correlationId, timestamp: new Date().toISOString(), payload };
}
function lost(type) {
    const text = `The connection broke before ${type} was answered.`;
    return new GatewayError(0, "CONNECTION_LOST", text, { temporary: true, requestType: type });
}
function abandoned(type) {
    const text = `${type} was not sent: the user is another one now.`;
    return new GatewayError(0, "ABANDONED", text, { requestType: type });
}
