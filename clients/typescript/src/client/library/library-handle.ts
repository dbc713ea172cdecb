import { MyelinError } from "../errors.js";
import { follow, type FollowOptions } from "./changes.js";
import type { Http } from "./http.js";
import { pages } from "./pages.js";
import type {
  BatchOutcome,
  Change,
  ChangePage,
  Document,
  DocumentPatch,
  Library,
  LibraryPatch,
  LibraryStatistics,
  NewDocument,
  SearchHit,
  SearchQuery,
} from "./types.js";
import * as wire from "./wire.js";

export interface GetOptions {
  readonly includeEmbeddings?: boolean;
}

export interface ChangeOptions {
  /** The version that was read; `precondition_failed` if the document changed since. */
  readonly ifVersion?: Document["version"];
}

/** One library. */
export class LibraryHandle {
  readonly id: string;
  readonly #http: Http;
  readonly #path: string;

  constructor(http: Http, id: string) {
    this.#http = http;
    this.id = id;
    this.#path = `/v1/libraries/${encodeURIComponent(id)}`;
  }

  async get(): Promise<Library> {
    return wire.library(await this.#http.json("GET", this.#path));
  }

  async update(patch: LibraryPatch): Promise<Library> {
    return wire.library(await this.#http.json("PATCH", this.#path, { body: { ...patch } }));
  }

  /** Deletes it with all it holds. */
  async delete(): Promise<void> {
    await this.#http.send("DELETE", this.#path);
  }

  async statistics(): Promise<LibraryStatistics> {
    return wire.statistics(await this.#http.json("GET", `${this.#path}/statistics`));
  }

  /** Adds a document: when this completes it is durable, and the next search finds it. */
  async add(document: NewDocument): Promise<Document> {
    const path = document.passages === undefined ? "documents" : "documents/with-embeddings";
    const body = wire.writtenDocument(document);
    return wire.document(await this.#http.json("POST", `${this.#path}/${path}`, { body, once: true }));
  }

  /**
   * Adds up to 1 000 documents; a bad one fails alone.
   *
   * @param documents all with `passages`, or none
   */
  async addAll(documents: readonly NewDocument[]): Promise<BatchOutcome> {
    const embedded = documents.some((one) => one.passages !== undefined);
    if (embedded && documents.some((one) => one.passages === undefined)) {
      throw new MyelinError(
        "invalid_argument",
        "documents: some have passages and some a text (expected: all of one kind; send two batches)",
      );
    }
    const path = embedded ? "documents/batch-with-embeddings" : "documents/batch";
    const body = { documents: documents.map(wire.writtenDocument) };
    return wire.batch(await this.#http.json("POST", `${this.#path}/${path}`, { body, once: true }));
  }

  async document(id: string, options: GetOptions = {}): Promise<Document> {
    const query = { include_embeddings: options.includeEmbeddings };
    return wire.document(await this.#http.json("GET", this.#of(id), { query }));
  }

  /** All documents, in order of id, page by page. */
  async *documents(options: GetOptions = {}): AsyncGenerator<Document> {
    const query = { include_embeddings: options.includeEmbeddings };
    for await (const one of pages(this.#http, `${this.#path}/documents`, query)) yield wire.document(one);
  }

  async updateDocument(id: string, patch: DocumentPatch, options: ChangeOptions = {}): Promise<Document> {
    const body = wire.writtenDocument(patch);
    return wire.document(
      await this.#http.json("PATCH", this.#of(id), { body, headers: condition(options) }),
    );
  }

  async deleteDocument(id: string, options: ChangeOptions = {}): Promise<void> {
    await this.#http.send("DELETE", this.#of(id), { headers: condition(options) });
  }

  /** Deletes up to 1 000 documents; one that is not there fails alone. */
  async deleteDocuments(ids: readonly string[]): Promise<BatchOutcome> {
    const body = { document_ids: ids, library_id: this.id };
    return wire.batch(await this.#http.json("DELETE", "/v1/documents/batch", { body }));
  }

  /** The nearest passages: by distance, or with `hybrid` or `words` by score. */
  async search(query: string | SearchQuery): Promise<SearchHit[]> {
    const given: SearchQuery = typeof query === "string" ? { query } : query;
    const body = wire.writtenSearch(given);
    const found = await this.#http.json("POST", `${this.#path}/${searchPath(given)}`, { body, reads: true });
    return (found["results"] as wire.Json[]).map(wire.hit);
  }

  /** A page of what changed after an offset; 0 begins with the oldest that is kept. */
  async changes(since: number, options: { types?: readonly string[]; limit?: number } = {}): Promise<ChangePage> {
    const query = { since, event_types: options.types?.join(","), limit: options.limit };
    return wire.page(await this.#http.json("GET", `${this.#path}/changes`, { query }));
  }

  /** Every change as it happens, in order, each once, also over connections that break. */
  async *follow(options: FollowOptions = {}): AsyncGenerator<Change, void, undefined> {
    // Fixed before the first connection, so that nothing is missed if that breaks.
    const since = options.since ?? (await this.statistics()).lastOffset;
    yield* follow(this.#http, this.id, since, options);
  }

  #of(document: string): string {
    return `${this.#path}/documents/${encodeURIComponent(document)}`;
  }
}

function searchPath(given: SearchQuery): string {
  if (given.hybrid) return "search/hybrid";
  return given.query === undefined ? "search/embedding" : "search";
}

function condition({ ifVersion }: ChangeOptions): Record<string, string> {
  return ifVersion === undefined ? {} : { "if-match": `"${ifVersion}"` };
}
