import type { MyelinClient, MyelinError, RecalledMemory, Recollection } from "../client/index.js";
import type { ClientUser } from "./connection.js";
import { ago, count, create, element, milliseconds } from "./page.js";

/** Asks, and shows what is remembered. */
export class RecallPanel implements ClientUser {
  readonly #question = element("question", HTMLInputElement);
  readonly #count = element("count", HTMLSelectElement);
  readonly #answer = element("answer", HTMLElement);
  readonly #results = element("results", HTMLOListElement);
  #client: MyelinClient | undefined;
  #asked: AbortController | undefined;

  constructor() {
    element("ask", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#ask();
    });
  }

  use(client: MyelinClient): void {
    this.#asked?.abort();
    this.#client = client;
    this.#results.replaceChildren();
    this.#answer.textContent = "Without a question: the newest memories.";
  }

  async #ask(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    const text = this.#question.value.trim();
    const begun = performance.now();
    this.#answer.textContent = "Looking …";
    try {
      const maxResults = Number(this.#count.value);
      const query = text === "" ? { maxResults } : { text, maxResults };
      const found = await client.recall(query, { signal: asked.signal });
      this.#show(found, performance.now() - begun);
    } catch (error) {
      if (!asked.signal.aborted) this.#answer.textContent = (error as MyelinError).message;
    }
  }

  #show(found: Recollection, tookMs: number): void {
    const { results, snapshotSequence } = found;
    const memories = results.length === 1 ? "1 memory" : `${count(results.length)} memories`;
    this.#answer.textContent =
      snapshotSequence === 0
        ? "This space remembers nothing yet."
        : `${memories} in ${milliseconds(tookMs)}.`;
    this.#results.replaceChildren(...results.map(item));
  }
}

function item(memory: RecalledMemory): HTMLElement {
  const made = create("li", "");
  const facts = create("div", "facts");
  if (memory.similarity !== undefined && memory.similarity > 0) {
    const meter = document.createElement("meter");
    meter.value = memory.similarity;
    meter.title = "likeness to the question";
    facts.append(meter, create("span", "", memory.similarity.toFixed(2)));
  }
  const when = memory.when ?? memory.createdAt;
  if (when !== undefined) {
    const time = document.createElement("time");
    time.dateTime = when.toISOString();
    time.title = when.toLocaleString();
    time.textContent = ago(when);
    facts.append(time);
  }
  const id = create("span", "id", memory.id);
  id.title = memory.id;
  facts.append(id, ...memory.tags.map((tag) => create("span", "", `#${tag}`)));
  made.append(create("p", "content", memory.content || "(an embedding without text)"), facts);
  return made;
}
