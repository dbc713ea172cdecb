import { systemClock } from "../clock.js";
import { MyelinError } from "../errors.js";
import { Http } from "./http.js";
import { Jobs } from "./jobs.js";
import { LibraryHandle } from "./library-handle.js";
import { pages } from "./pages.js";
import { Webhooks } from "./webhooks.js";
import { library } from "./wire.js";
export class LibraryClient {
    #http;
    constructor(options) {
        const { retries = {}, apiKey } = options;
        this.#http = new Http({
            base: baseOf(options.url),
            apiKey,
            fetch: options.fetch ?? ((input, init) => fetch(input, init)),
            timeoutMs: options.timeoutMs ?? 30_000,
            retries: {
                baseMs: retries.baseMs ?? 100,
                maxMs: retries.maxMs ?? 10_000,
                maxAttempts: retries.maxAttempts ?? 4,
            },
            clock: options.clock ?? systemClock,
        });
    }
    get jobs() {
        return new Jobs(this.#http);
    }
    get webhooks() {
        return new Webhooks(this.#http);
    }
    async create(given) {
        return library(await this.#http.json("POST", "/v1/libraries", { body: { ...given }, once: true }));
    }
    async *list() {
        for await (const one of pages(this.#http, "/v1/libraries", {}))
            yield library(one);
    }
    library(id) {
        return new LibraryHandle(this.#http, id);
    }
}
function baseOf(given) {
    try {
        const url = new URL(given);
        if (url.protocol === "http:" || url.protocol === "https:") {
            return url.origin + url.pathname.replace(/\/+$/, "");
        }
    }
    catch {
    }
    throw new MyelinError("invalid_argument", `url: ${String(given)} (expected: such as http://localhost:8080)`);
}
