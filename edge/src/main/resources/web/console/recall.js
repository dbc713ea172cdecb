import { ago, count, create, element, milliseconds } from "./page.js";
export class RecallPanel {
    #question = element("question", HTMLInputElement);
    #count = element("count", HTMLSelectElement);
    #answer = element("answer", HTMLElement);
    #results = element("results", HTMLOListElement);
    #client;
    #asked;
    constructor() {
        element("ask", HTMLFormElement).addEventListener("submit", (event) => {
            event.preventDefault();
            void this.#ask();
        });
    }
    use(client) {
        this.#asked?.abort();
        this.#client = client;
        this.#results.replaceChildren();
        this.#answer.textContent = "Without a question: the newest memories.";
    }
    async #ask() {
        const client = this.#client;
        if (client === undefined)
            return;
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
        }
        catch (error) {
            if (!asked.signal.aborted)
                this.#answer.textContent = error.message;
        }
    }
    #show(found, tookMs) {
        const { results, snapshotSequence } = found;
        const memories = results.length === 1 ? "1 memory" : `${count(results.length)} memories`;
        this.#answer.textContent =
            snapshotSequence === 0
                ? "This space remembers nothing yet."
                : `${memories} in ${milliseconds(tookMs)}.`;
        this.#results.replaceChildren(...results.map(item));
    }
}
function item(memory) {
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
