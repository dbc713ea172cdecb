import { quiet } from "./deferred.js";
import { Queue } from "./queue.js";
import type { Verdict } from "./types.js";

/** Takes one item when there is room for it, and promises its verdict. */
export type Taker<T> = (item: T) => Promise<{ readonly verdict: Promise<Verdict> }>;

/**
 * Reads a source ahead of its verdicts, as far as the taker and `most` allow, and gives the verdicts in
 * order. Whoever stops reading verdicts stops the reading of the source.
 */
export async function* verdictsOf<T>(
  source: AsyncIterable<T> | Iterable<T>,
  most: number,
  take: Taker<T>,
): AsyncGenerator<Verdict, void, undefined> {
  const verdicts = new Queue<Promise<Verdict>>(most);
  let wanted = true;
  const read = async (): Promise<void> => {
    for await (const item of source) {
      if (!wanted) return;
      const { verdict } = await take(item);
      await verdicts.put(quiet(verdict));
    }
  };
  read().then(
    () => verdicts.end(),
    (error: unknown) => verdicts.end(error),
  );
  try {
    for (let next = await verdicts.take(); next !== undefined; next = await verdicts.take()) {
      yield await next;
    }
  } finally {
    wanted = false;
    verdicts.end();
  }
}
