import { deferred, quiet, type Deferred } from "./deferred.js";
import { MyelinError } from "./errors.js";
import type { Episode, Priority, Verdict } from "./types.js";

/** An observation that waits for its verdict. */
export interface Pending {
  sequence: number;
  readonly episode: Episode & { readonly id: string };
  readonly priority: Priority;
  readonly verdict: Deferred<Verdict>;
  /** Whether it ever left; only then can the server know it. */
  sent: boolean;
  done: boolean;
}

/**
 * All observations without a verdict, in the order of their numbers, which are dense: those in flight
 * first, then those that have not left. Bounded by its capacity.
 */
export class Outbox {
  readonly #capacity: number;
  #entries: Pending[] = [];
  /** Entries before it are settled; cut off now and then. */
  #head = 0;
  /** The oldest that has not left on this connection. */
  #next = 0;
  #inFlight = 0;
  #lastSequence = 0;
  #room: Deferred<void> | undefined;
  #empty: Deferred<void> | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** Those that left on this connection and have no verdict yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The last number before which everything is settled. */
  get settledSequence(): number {
    return this.#lastSequence - this.size;
  }

  add(episode: Pending["episode"], priority: Priority): Promise<Verdict> {
    if (this.size >= this.#capacity) {
      throw new MyelinError(
        "outbox_full",
        `${this.#capacity} observations wait for their verdict already, which is the most allowed.` +
          " Wait for ready() before you observe more.",
      );
    }
    const verdict = deferred<Verdict>();
    const sequence = ++this.#lastSequence;
    this.#entries.push({ sequence, episode, priority, verdict, sent: false, done: false });
    return quiet(verdict.promise);
  }

  /** The next to send. */
  next(): Pending | undefined {
    return this.#entries[this.#next];
  }

  /** What [next] returned is on its way. */
  left(entry: Pending): void {
    entry.sent = true;
    this.#next++;
    if (!entry.done) this.#inFlight++;
  }

  /** The verdict on one of them has come. False if none of that number is in flight. */
  settle(verdict: Verdict): boolean {
    const entry = this.find(verdict.sequence);
    if (entry === undefined || !entry.sent || entry.done) return false;
    entry.done = true;
    this.#inFlight--;
    entry.verdict.resolve(verdict);
    this.#advance();
    return true;
  }

  find(sequence: number): Pending | undefined {
    const first = this.#entries[this.#head];
    return first === undefined ? undefined : this.#entries[this.#head + sequence - first.sequence];
  }

  /**
   * Takes out one that the server cannot take at all and whose number is unused. Those after it move up by
   * one; if any of them is in flight, [restart] has to follow.
   */
  withdraw(entry: Pending, reason: MyelinError): void {
    const index = this.#entries.indexOf(entry, this.#head);
    if (index < 0 || entry.done) return;
    this.#entries.splice(index, 1);
    if (index < this.#next) {
      this.#next--;
      this.#inFlight--;
    }
    for (let i = index; i < this.#entries.length; i++) (this.#entries[i] as Pending).sequence--;
    this.#lastSequence--;
    entry.verdict.reject(reason);
    this.#wake();
  }

  /**
   * A new connection is ready: nothing is in flight any more, everything that is left goes again, with
   * the numbers after the last settled one.
   *
   * @param sameSession whether the server knows the numbers used so far
   * @returns those that had left and were settled meanwhile
   */
  restart(lastSettled: number, sameSession: boolean): Pending[] {
    const settled: Pending[] = [];
    for (let entry = this.#entries[this.#head]; entry !== undefined; ) {
      if (!sameSession || !entry.sent || entry.sequence > lastSettled) break;
      if (!entry.done) settled.push(entry);
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

  /** Gives up on all of them. */
  fail(reason: MyelinError): void {
    const open = this.#entries.slice(this.#head);
    this.#entries = [];
    this.#head = this.#next = this.#inFlight = 0;
    for (const entry of open) entry.verdict.reject(reason);
    this.#wake();
  }

  /** When there is room for one more. */
  room(): Promise<void> {
    if (this.size < this.#capacity) return Promise.resolve();
    return (this.#room ??= deferred()).promise;
  }

  /** When nothing waits. */
  empty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return (this.#empty ??= deferred()).promise;
  }

  #advance(): void {
    while (this.#head < this.#next && this.#entries[this.#head]?.done === true) this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#next -= this.#head;
      this.#head = 0;
    }
    this.#wake();
  }

  #wake(): void {
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
