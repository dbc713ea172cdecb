import { deferred, quiet } from "./deferred.js";
import { MyelinError } from "./errors.js";
import { Queue } from "./queue.js";
const MOST_BATCHES = 1_000;
export class Recalls {
    #max;
    #pending = new Map();
    #count = 0;
    constructor(max) {
        this.#max = max;
    }
    add(query, answer) {
        if (this.#pending.size >= this.#max) {
            throw new MyelinError("too_many_recalls", `${this.#max} recalls wait for their answer already, which is the most allowed. Wait for one.`);
        }
        const recall = { id: `r${++this.#count}`, query, answer, release: () => undefined };
        this.#pending.set(recall.id, recall);
        return recall;
    }
    received(id, batch) {
        const recall = this.#pending.get(id);
        if (recall === undefined)
            return;
        if (!batch.more)
            this.forget(id);
        recall.answer.batch(batch);
    }
    refused(id, reason) {
        const found = id ?? this.#pending.keys().next().value;
        const recall = found === undefined ? undefined : this.#pending.get(found);
        if (recall === undefined)
            return false;
        this.forget(recall.id);
        recall.answer.failed(reason);
        return true;
    }
    forget(id) {
        this.#pending.get(id)?.release();
        this.#pending.delete(id);
    }
    restart() {
        for (const recall of [...this.#pending.values()]) {
            if (recall.answer.restart())
                continue;
            this.forget(recall.id);
            recall.answer.failed(new MyelinError("connection_lost", "The connection broke in the middle of the answer. Recall again."));
        }
        return [...this.#pending.values()];
    }
    fail(reason) {
        for (const recall of [...this.#pending.values()]) {
            this.forget(recall.id);
            recall.answer.failed(reason);
        }
    }
}
export class WholeAnswer {
    #whole = deferred();
    #batches = [];
    get promise() {
        return quiet(this.#whole.promise);
    }
    batch(batch) {
        this.#batches.push(batch);
        if (batch.more)
            return;
        this.#whole.resolve({
            results: this.#batches.flatMap((one) => one.results),
            snapshotSequence: batch.snapshotSequence,
            summary: batch.summary,
        });
    }
    failed(reason) {
        this.#whole.reject(reason);
    }
    restart() {
        this.#batches = [];
        return true;
    }
}
export class BatchedAnswer {
    queue = new Queue(MOST_BATCHES);
    #begun = false;
    batch(batch) {
        this.#begun = true;
        void this.queue.put(batch);
        if (!batch.more)
            this.queue.end();
    }
    failed(reason) {
        this.queue.end(reason);
    }
    restart() {
        return !this.#begun;
    }
}
