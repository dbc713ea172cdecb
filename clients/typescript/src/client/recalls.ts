import { deferred, quiet, type Deferred } from "./deferred.js";
import { MyelinError } from "./errors.js";
import { Queue } from "./queue.js";
import type { RecallBatch, RecallQuery, Recollection } from "./types.js";

const MOST_BATCHES = 1_000;

/** A recall whose answer is not whole yet. */
export interface PendingRecall {
  readonly id: string;
  readonly query: RecallQuery;
  readonly answer: Answer;
  /** Called once, when nothing more comes for it. */
  release: () => void;
}

/** Where the batches of one answer go. */
export interface Answer {
  batch(batch: RecallBatch): void;
  failed(reason: MyelinError): void;
  /** Starts anew. False if somebody has taken batches already. */
  restart(): boolean;
}

/** All recalls without their whole answer, in the order they were asked. */
export class Recalls {
  readonly #max: number;
  readonly #pending = new Map<string, PendingRecall>();
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(query: RecallQuery, answer: Answer): PendingRecall {
    if (this.#pending.size >= this.#max) {
      throw new MyelinError(
        "too_many_recalls",
        `${this.#max} recalls wait for their answer already, which is the most allowed. Wait for one.`,
      );
    }
    const recall = { id: `r${++this.#count}`, query, answer, release: () => undefined };
    this.#pending.set(recall.id, recall);
    return recall;
  }

  received(id: string, batch: RecallBatch): void {
    const recall = this.#pending.get(id);
    if (recall === undefined) return;
    if (!batch.more) this.forget(id);
    recall.answer.batch(batch);
  }

  /** The server refused one; without an id it is the oldest, for answers come in order. */
  refused(id: string | undefined, reason: MyelinError): boolean {
    const found = id ?? this.#pending.keys().next().value;
    const recall = found === undefined ? undefined : this.#pending.get(found);
    if (recall === undefined) return false;
    this.forget(recall.id);
    recall.answer.failed(reason);
    return true;
  }

  forget(id: string): void {
    this.#pending.get(id)?.release();
    this.#pending.delete(id);
  }

  /** Those to be asked again on a new connection; the others have failed. */
  restart(): PendingRecall[] {
    for (const recall of [...this.#pending.values()]) {
      if (recall.answer.restart()) continue;
      this.forget(recall.id);
      recall.answer.failed(
        new MyelinError(
          "connection_lost",
          "The connection broke in the middle of the answer. Recall again.",
        ),
      );
    }
    return [...this.#pending.values()];
  }

  fail(reason: MyelinError): void {
    for (const recall of [...this.#pending.values()]) {
      this.forget(recall.id);
      recall.answer.failed(reason);
    }
  }
}

/** Gathers the whole answer. */
export class WholeAnswer implements Answer {
  readonly #whole: Deferred<Recollection> = deferred();
  #batches: RecallBatch[] = [];

  get promise(): Promise<Recollection> {
    return quiet(this.#whole.promise);
  }

  batch(batch: RecallBatch): void {
    this.#batches.push(batch);
    if (batch.more) return;
    this.#whole.resolve({
      results: this.#batches.flatMap((one) => one.results),
      snapshotSequence: batch.snapshotSequence,
      summary: batch.summary,
    });
  }

  failed(reason: MyelinError): void {
    this.#whole.reject(reason);
  }

  restart(): boolean {
    this.#batches = [];
    return true;
  }
}

/** Hands batches on as they come. */
export class BatchedAnswer implements Answer {
  readonly queue = new Queue<RecallBatch>(MOST_BATCHES);
  #begun = false;

  batch(batch: RecallBatch): void {
    this.#begun = true;
    void this.queue.put(batch);
    if (!batch.more) this.queue.end();
  }

  failed(reason: MyelinError): void {
    this.queue.end(reason);
  }

  restart(): boolean {
    return !this.#begun;
  }
}
