import { MyelinError } from "./errors.js";
export class Receiver {
    #parts;
    #teller;
    constructor(parts, teller) {
        this.#parts = parts;
        this.#teller = teller;
    }
    receive(message) {
        switch (message.type) {
            case "accepted": {
                const { sequence, memoryId, committedAt, replaced } = message;
                this.#settle({ status: "accepted", sequence, memoryId, committedAt, replaced });
                break;
            }
            case "rejected":
                this.#easeOff(message.verdict.code, message.verdict.retryAfterMs);
                this.#settle(message.verdict);
                break;
            case "ack_batch":
                this.#settleRange(message);
                break;
            case "indexed":
                this.#teller.tell("indexed", { sequence: message.sequence, memoryId: message.memoryId });
                break;
            case "status":
                this.#status(message.status);
                break;
            case "recall_result":
                this.#parts.recalls.received(message.requestId, message.batch);
                break;
            case "heartbeat":
                this.#teller.tell("heartbeat", undefined);
                break;
            case "error":
                this.#error(message);
                break;
            case "init_ack":
            case "unknown":
                break;
        }
        this.#parts.sender.pump();
    }
    #settle(verdict) {
        if (this.#parts.outbox.settle(verdict))
            this.#teller.tell("verdict", verdict);
    }
    #settleRange(batch) {
        const rejected = new Map(batch.rejected.map((one) => [one.sequence, one]));
        const { committedAt } = batch;
        for (let sequence = batch.from; sequence <= batch.to; sequence++) {
            const entry = this.#parts.outbox.find(sequence);
            if (entry === undefined)
                continue;
            const refused = rejected.get(sequence);
            if (refused !== undefined)
                this.#easeOff(refused.code, refused.retryAfterMs);
            const memoryId = entry.episode.id;
            this.#settle(refused ?? { status: "accepted", sequence, memoryId, committedAt, replaced: undefined });
        }
    }
    #easeOff(code, retryAfterMs) {
        if (code !== "overloaded" && retryAfterMs === undefined)
            return;
        this.#parts.sender.pacer.slowDown(this.#parts.clock.now(), retryAfterMs ?? 0);
    }
    #status(status) {
        const { sender, clock, flow } = this.#parts;
        switch (status.state) {
            case "BACKPRESSURE":
            case "OVERLOADED":
                sender.pacer.slowDown(clock.now(), status.retryAfterMs ?? 0);
                break;
            case "ACTIVE":
                sender.pacer.speedUp(clock.now());
                flow.confirmed(false);
                break;
            case "PAUSED":
                flow.confirmed(true);
                break;
            case "CLOSED":
                this.#teller.closed();
                break;
            case "ERROR":
                break;
        }
        this.#teller.tell("status", status);
    }
    #error(message) {
        const { outbox, recalls } = this.#parts;
        const { code, text, sequence, requestId } = message;
        const reason = new MyelinError(code, text, sequence);
        if (code === "session_taken_over") {
            this.#teller.over(reason);
            return;
        }
        const entry = sequence === undefined ? undefined : outbox.find(sequence);
        if (entry?.sent === true && !entry.done) {
            this.#notTaken(entry, reason);
            return;
        }
        const concernsRecall = sequence === undefined && code !== "shutting_down";
        if (!concernsRecall || !recalls.refused(requestId, reason))
            this.#teller.tell("error", reason);
    }
    #notTaken(entry, reason) {
        if (reason.code === "sequence_duplicate") {
            const { sequence, episode } = entry;
            this.#settle({ status: "settled", sequence, memoryId: episode.id });
            return;
        }
        if (!reason.isTemporary && !RIGHT_NEXT_TIME.has(reason.code))
            this.#parts.outbox.withdraw(entry, reason);
        this.#parts.link.reconnect(reason.code);
    }
}
const RIGHT_NEXT_TIME = new Set([
    "sequence_gap",
    "wrong_state",
    "session_mismatch",
    "session_expired",
    "internal",
]);
