import { deferred, quiet } from "./deferred.js";
import { MyelinError } from "./errors.js";
export class Outbox {
    #capacity;
    #entries = [];
    #head = 0;
    #next = 0;
    #inFlight = 0;
    #lastSequence = 0;
    #room;
    #empty;
    constructor(capacity) {
        this.#capacity = capacity;
    }
    get size() {
        return this.#entries.length - this.#head;
    }
    get inFlight() {
        return this.#inFlight;
    }
    get settledSequence() {
        return this.#lastSequence - this.size;
    }
    add(episode, priority) {
        if (this.size >= this.#capacity) {
            throw new MyelinError("outbox_full", `${this.#capacity} observations wait for their verdict already, which is the most allowed.` +
                " Wait for ready() before you observe more.");
        }
        const verdict = deferred();
        const sequence = ++this.#lastSequence;
        this.#entries.push({ sequence, episode, priority, verdict, sent: false, done: false });
        return quiet(verdict.promise);
    }
    next() {
        return this.#entries[this.#next];
    }
    left(entry) {
        entry.sent = true;
        this.#next++;
        if (!entry.done)
            this.#inFlight++;
    }
    settle(verdict) {
        const entry = this.find(verdict.sequence);
        if (entry === undefined || !entry.sent || entry.done)
            return false;
        entry.done = true;
        this.#inFlight--;
        entry.verdict.resolve(verdict);
        this.#advance();
        return true;
    }
    find(sequence) {
        const first = this.#entries[this.#head];
        return first === undefined ? undefined : this.#entries[this.#head + sequence - first.sequence];
    }
    withdraw(entry, reason) {
        const index = this.#entries.indexOf(entry, this.#head);
        if (index < 0 || entry.done)
            return;
        this.#entries.splice(index, 1);
        if (index < this.#next) {
            this.#next--;
            this.#inFlight--;
        }
        for (let i = index; i < this.#entries.length; i++)
            this.#entries[i].sequence--;
        this.#lastSequence--;
        entry.verdict.reject(reason);
        this.#wake();
    }
    restart(lastSettled, sameSession) {
        const settled = [];
        for (let entry = this.#entries[this.#head]; entry !== undefined;) {
            if (!sameSession || !entry.sent || entry.sequence > lastSettled)
                break;
            if (!entry.done)
                settled.push(entry);
            entry = this.#entries[++this.#head];
        }
        this.#entries = this.#entries.slice(this.#head);
        this.#head = 0;
        this.#next = 0;
        this.#inFlight = 0;
        this.#lastSequence = lastSettled;
        for (const entry of this.#entries) {
            entry.sequence = ++this.#lastSequence;
            entry.sent &&= sameSession;
        }
        for (const entry of settled) {
            entry.done = true;
            const { sequence, episode } = entry;
            entry.verdict.resolve({ status: "settled", sequence, memoryId: episode.id });
        }
        this.#wake();
        return settled;
    }
    fail(reason) {
        const open = this.#entries.slice(this.#head);
        this.#entries = [];
        this.#head = this.#next = this.#inFlight = 0;
        for (const entry of open)
            entry.verdict.reject(reason);
        this.#wake();
    }
    room() {
        if (this.size < this.#capacity)
            return Promise.resolve();
        return (this.#room ??= deferred()).promise;
    }
    empty() {
        if (this.size === 0)
            return Promise.resolve();
        return (this.#empty ??= deferred()).promise;
    }
    #advance() {
        while (this.#head < this.#next && this.#entries[this.#head]?.done === true)
            this.#head++;
        if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
            this.#entries = this.#entries.slice(this.#head);
            this.#next -= this.#head;
            this.#head = 0;
        }
        this.#wake();
    }
    #wake() {
        if (this.#room !== undefined && this.size < this.#capacity) {
            this.#room.resolve();
            this.#room = undefined;
        }
        if (this.#empty !== undefined && this.size === 0) {
            this.#empty.resolve();
            this.#empty = undefined;
        }
    }
}
