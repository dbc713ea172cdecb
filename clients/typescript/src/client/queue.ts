import { deferred, type Deferred } from "./deferred.js";

/** A bounded queue between one that puts and one that takes. */
export class Queue<T> {
  readonly #capacity: number;
  #items: T[] = [];
  #head = 0;
  #ended = false;
  #failure: unknown;
  #waiting: Deferred<void> | undefined;
  #full: Deferred<void> | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Puts an item; completes when there is room for the next. */
  put(item: T): Promise<void> | void {
    if (this.#ended) return;
    this.#items.push(item);
    this.#wake();
    if (this.#items.length - this.#head < this.#capacity) return;
    return (this.#full ??= deferred()).promise;
  }

  /** Nothing more will come; what is there can still be taken. */
  end(failure?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wake();
    this.#full?.resolve();
  }

  /** The next item, or undefined after the last. */
  async take(): Promise<T | undefined> {
    while (this.#head === this.#items.length) {
      if (this.#ended) {
        if (this.#failure !== undefined) throw this.#failure;
        return undefined;
      }
      await (this.#waiting ??= deferred()).promise;
    }
    const item = this.#items[this.#head++] as T;
    if (this.#head === this.#items.length || this.#head > 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    this.#full?.resolve();
    this.#full = undefined;
    return item;
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}
