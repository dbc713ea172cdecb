import { MyelinError } from "../errors.js";
import { pause, type Http } from "./http.js";
import type { NewDocument } from "./types.js";
import { writtenDocument, type Json } from "./wire.js";

export type JobType =
  | "batch_import"
  | "batch_export"
  | "batch_delete"
  | "index_rebuild"
  | "index_optimize"
  | "regenerate_embeddings";

export type JobStatus = "pending" | "running" | "completed" | "failed" | "cancelled";

/** Work that a server does even if it is killed meanwhile. */
export interface Job {
  readonly id: string;
  readonly type: JobType;
  readonly status: JobStatus;
  readonly libraryId: string | undefined;
  readonly progress: {
    readonly current: number;
    readonly total: number;
    /** 0 to 100. */
    readonly percentage: number;
    readonly message: string;
  };
  /** What it gave, once it is completed: counts by name. */
  readonly result: Readonly<Record<string, unknown>> | undefined;
  /** Why it failed. */
  readonly error: string | undefined;
  /** How often it was tried again after a temporary failure. */
  readonly retries: number;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly completedAt: Date | undefined;
}

export interface AwaitOptions {
  /** Between two looks. Default 250 ms. */
  readonly everyMs?: number;
  /** Hears of each look. */
  readonly onProgress?: (job: Job) => void;
  /** Stops waiting; the job goes on. */
  readonly signal?: AbortSignal;
}

const OVER: ReadonlySet<JobStatus> = new Set<JobStatus>(["completed", "failed", "cancelled"]);

/** The jobs of the libraries that the key may read. */
export class Jobs {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Adds up to 10 000 documents. `result`: `imported`, `failed`, `total_chunks`, `errors`. */
  importDocuments(
    libraryId: string,
    documents: readonly NewDocument[],
    options: { deferEmbedding?: boolean } = {},
  ): Promise<Job> {
    return this.#start("batch-import", libraryId, {
      documents: documents.map(writtenDocument),
      defer_embedding: options.deferEmbedding,
    });
  }

  /** Writes all documents into a file for `download`. */
  exportDocuments(
    libraryId: string,
    options: { format?: "ndjson" | "json"; includeEmbeddings?: boolean } = {},
  ): Promise<Job> {
    return this.#start("batch-export", libraryId, {
      format: options.format,
      include_embeddings: options.includeEmbeddings,
    });
  }

  /** Deletes up to 10 000 documents. `result`: `deleted`, `failed`, `errors`. */
  deleteDocuments(libraryId: string, ids: readonly string[]): Promise<Job> {
    return this.#start("batch-delete", libraryId, { document_ids: ids });
  }

  /** Makes the index anew from what is stored, while the old one serves. */
  rebuildIndex(libraryId: string): Promise<Job> {
    return this.#start("index-rebuild", libraryId);
  }

  optimizeIndex(libraryId: string): Promise<Job> {
    return this.#start("index-optimize", libraryId);
  }

  /** Has the server's model embed all documents anew. */
  regenerateEmbeddings(libraryId: string): Promise<Job> {
    return this.#start("regenerate-embeddings", libraryId);
  }

  async get(id: string): Promise<Job> {
    return job(await this.#http.json("GET", path(id)));
  }

  /** All jobs, the newest first, page by page. */
  async *list(
    options: { libraryId?: string; type?: JobType; status?: JobStatus } = {},
  ): AsyncGenerator<Job> {
    let cursor: string | undefined;
    do {
      const { libraryId, type, status } = options;
      const query = { library_id: libraryId, type, status, cursor };
      const page = await this.#http.json("GET", "/v1/jobs", { query });
      yield* (page["jobs"] as Json[]).map(job);
      cursor = (page["next_cursor"] ?? undefined) as string | undefined;
    } while (cursor !== undefined);
  }

  /**
   * Waits until a job is over.
   *
   * @throws MyelinError `job_failed` or `job_cancelled`, with what the server says of it
   */
  async completed(id: string, options: AwaitOptions = {}): Promise<Job> {
    for (;;) {
      const now = await this.get(id);
      options.onProgress?.(now);
      if (now.status === "completed") return now;
      if (OVER.has(now.status)) {
        throw new MyelinError(`job_${now.status}`, now.error ?? `The job ${id} was ${now.status}.`);
      }
      await pause(this.#http.settings.clock, options.everyMs ?? 250, options.signal);
    }
  }

  /** Nothing more is done for the job once this completes; what was done stays. */
  async cancel(id: string): Promise<Job> {
    return job(await this.#http.json("POST", `${path(id)}/cancel`));
  }

  /** Forgets a job that is over, with its file; one that is not over is cancelled. */
  async delete(id: string): Promise<void> {
    await this.#http.send("DELETE", path(id));
  }

  /** The file that an export has left, as it comes in. */
  async download(id: string, options: { signal?: AbortSignal } = {}): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.#http.send("GET", `${path(id)}/result`, {
      headers: { accept: "*/*" },
      signal: options.signal,
      streamed: true,
    });
    return answer.body ?? new ReadableStream({ start: (out) => out.close() });
  }

  async #start(kind: string, libraryId: string, more: Json = {}): Promise<Job> {
    const body = { library_id: libraryId, ...more };
    return job(await this.#http.json("POST", `/v1/jobs/${kind}`, { body, once: true }));
  }
}

const path = (id: string): string => `/v1/jobs/${encodeURIComponent(id)}`;

const date = (text: unknown): Date | undefined => (typeof text === "string" ? new Date(text) : undefined);

function job(json: Json): Job {
  return {
    id: json["job_id"] as string,
    type: json["job_type"] as JobType,
    status: json["status"] as JobStatus,
    libraryId: (json["library_id"] ?? undefined) as string | undefined,
    progress: json["progress"] as Job["progress"],
    result: (json["result"] ?? undefined) as Job["result"],
    error: (json["error"] ?? undefined) as string | undefined,
    retries: json["retries"] as number,
    createdAt: new Date(json["created_at"] as string),
    startedAt: date(json["started_at"]),
    completedAt: date(json["completed_at"]),
  };
}
