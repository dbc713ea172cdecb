import { MyelinError } from "../errors.js";
import { pause } from "./http.js";
import { writtenDocument } from "./wire.js";
const OVER = new Set(["completed", "failed", "cancelled"]);
export class Jobs {
    #http;
    constructor(http) {
        this.#http = http;
    }
    importDocuments(libraryId, documents, options = {}) {
        return this.#start("batch-import", libraryId, {
            documents: documents.map(writtenDocument),
            defer_embedding: options.deferEmbedding,
        });
    }
    exportDocuments(libraryId, options = {}) {
        return this.#start("batch-export", libraryId, {
            format: options.format,
            include_embeddings: options.includeEmbeddings,
        });
    }
    deleteDocuments(libraryId, ids) {
        return this.#start("batch-delete", libraryId, { document_ids: ids });
    }
    rebuildIndex(libraryId) {
        return this.#start("index-rebuild", libraryId);
    }
    optimizeIndex(libraryId) {
        return this.#start("index-optimize", libraryId);
    }
    regenerateEmbeddings(libraryId) {
        return this.#start("regenerate-embeddings", libraryId);
    }
    async get(id) {
        return job(await this.#http.json("GET", path(id)));
    }
    async *list(options = {}) {
        let cursor;
        do {
            const { libraryId, type, status } = options;
            const query = { library_id: libraryId, type, status, cursor };
            const page = await this.#http.json("GET", "/v1/jobs", { query });
            yield* page["jobs"].map(job);
            cursor = (page["next_cursor"] ?? undefined);
        } while (cursor !== undefined);
    }
    async completed(id, options = {}) {
        for (;;) {
            const now = await this.get(id);
            options.onProgress?.(now);
            if (now.status === "completed")
                return now;
            if (OVER.has(now.status)) {
                throw new MyelinError(`job_${now.status}`, now.error ?? `The job ${id} was ${now.status}.`);
            }
            await pause(this.#http.settings.clock, options.everyMs ?? 250, options.signal);
        }
    }
    async cancel(id) {
        return job(await this.#http.json("POST", `${path(id)}/cancel`));
    }
    async delete(id) {
        await this.#http.send("DELETE", path(id));
    }
    async download(id, options = {}) {
        const answer = await this.#http.send("GET", `${path(id)}/result`, {
            headers: { accept: "*/*" },
            signal: options.signal,
            streamed: true,
        });
        return answer.body ?? new ReadableStream({ start: (out) => out.close() });
    }
    async #start(kind, libraryId, more = {}) {
        const body = { library_id: libraryId, ...more };
        return job(await this.#http.json("POST", `/v1/jobs/${kind}`, { body, once: true }));
    }
}
const path = (id) => `/v1/jobs/${encodeURIComponent(id)}`;
const date = (text) => (typeof text === "string" ? new Date(text) : undefined);
function job(json) {
    return {
        id: json["job_id"],
        type: json["job_type"],
        status: json["status"],
        libraryId: (json["library_id"] ?? undefined),
        progress: json["progress"],
        result: (json["result"] ?? undefined),
        error: (json["error"] ?? undefined),
        retries: json["retries"],
        createdAt: new Date(json["created_at"]),
        startedAt: date(json["started_at"]),
        completedAt: date(json["completed_at"]),
    };
}
