import { MyelinError } from "../errors.js";
import { follow } from "./changes.js";
import { pages } from "./pages.js";
import * as wire from "./wire.js";
export class LibraryHandle {
    id;
    #http;
    #path;
    constructor(http, id) {
        this.#http = http;
        this.id = id;
        this.#path = `/v1/libraries/${encodeURIComponent(id)}`;
    }
    async get() {
        return wire.library(await this.#http.json("GET", this.#path));
    }
    async update(patch) {
        return wire.library(await this.#http.json("PATCH", this.#path, { body: { ...patch } }));
    }
    async delete() {
        await this.#http.send("DELETE", this.#path);
    }
    async statistics() {
        return wire.statistics(await this.#http.json("GET", `${this.#path}/statistics`));
    }
    async add(document) {
        const path = document.passages === undefined ? "documents" : "documents/with-embeddings";
        const body = wire.writtenDocument(document);
        return wire.document(await this.#http.json("POST", `${this.#path}/${path}`, { body, once: true }));
    }
    async addAll(documents) {
        const embedded = documents.some((one) => one.passages !== undefined);
        if (embedded && documents.some((one) => one.passages === undefined)) {
            throw new MyelinError("invalid_argument", "documents: some have passages and some a text (expected: all of one kind; send two batches)");
        }
        const path = embedded ? "documents/batch-with-embeddings" : "documents/batch";
        const body = { documents: documents.map(wire.writtenDocument) };
        return wire.batch(await this.#http.json("POST", `${this.#path}/${path}`, { body, once: true }));
    }
    async document(id, options = {}) {
        const query = { include_embeddings: options.includeEmbeddings };
        return wire.document(await this.#http.json("GET", this.#of(id), { query }));
    }
    async *documents(options = {}) {
        const query = { include_embeddings: options.includeEmbeddings };
        for await (const one of pages(this.#http, `${this.#path}/documents`, query))
            yield wire.document(one);
    }
    async updateDocument(id, patch, options = {}) {
        const body = wire.writtenDocument(patch);
        return wire.document(await this.#http.json("PATCH", this.#of(id), { body, headers: condition(options) }));
    }
    async deleteDocument(id, options = {}) {
        await this.#http.send("DELETE", this.#of(id), { headers: condition(options) });
    }
    async deleteDocuments(ids) {
        const body = { document_ids: ids, library_id: this.id };
        return wire.batch(await this.#http.json("DELETE", "/v1/documents/batch", { body }));
    }
    async search(query) {
        const given = typeof query === "string" ? { query } : query;
        const body = wire.writtenSearch(given);
        const found = await this.#http.json("POST", `${this.#path}/${searchPath(given)}`, { body, reads: true });
        return found["results"].map(wire.hit);
    }
    async changes(since, options = {}) {
        const query = { since, event_types: options.types?.join(","), limit: options.limit };
        return wire.page(await this.#http.json("GET", `${this.#path}/changes`, { query }));
    }
    async *follow(options = {}) {
        const since = options.since ?? (await this.statistics()).lastOffset;
        yield* follow(this.#http, this.id, since, options);
    }
    #of(document) {
        return `${this.#path}/documents/${encodeURIComponent(document)}`;
    }
}
function searchPath(given) {
    if (given.hybrid)
        return "search/hybrid";
    return given.query === undefined ? "search/embedding" : "search";
}
function condition({ ifVersion }) {
    return ifVersion === undefined ? {} : { "if-match": `"${ifVersion}"` };
}
