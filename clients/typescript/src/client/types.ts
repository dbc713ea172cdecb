/** An embedding: finite numbers, not all zero, as many as the space's dimension. */
export type Vector = Float32Array | readonly number[];

export type Priority = "high" | "normal" | "low";

/** Something that happened. It needs `what`, `embedding` or both; leave it unchanged until its verdict. */
export interface Episode {
  /** Its name in the space; the same name again replaces the older memory. The client makes one if you do not. */
  readonly id?: string;
  /** When it happened; left out: when it is committed. */
  readonly when?: Date | string;
  /** What happened, at most 64 KiB of UTF-8. */
  readonly what?: string;
  readonly embedding?: Vector;
  /** How sure the observer is, 0 to 1; 0.7 if left out. */
  readonly confidence?: number;
  readonly where?: string;
  readonly who?: readonly string[];
  readonly why?: string;
  readonly how?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** 0 to 1; 0.5 if left out. */
  readonly importance?: number;
  /** -1 (bad) to 1 (good). */
  readonly emotionalValence?: number;
  /** How fast it fades, per hour. */
  readonly decayRate?: number;
}

/** The observation is durable, and visible to the next recall. */
export interface Accepted {
  readonly status: "accepted";
  readonly sequence: number;
  readonly memoryId: string;
  readonly committedAt: Date;
  /** Whether an older memory of that name gave way; undefined with batched acknowledgements. */
  readonly replaced: boolean | undefined;
}

/** The observation was refused, its number is used up. */
export interface Rejected {
  readonly status: "rejected";
  readonly sequence: number;
  readonly code: string;
  readonly reason: string;
  /** When the same observation may be observed again, if waiting helps. */
  readonly retryAfterMs: number | undefined;
}

/**
 * The server had settled the observation before the connection broke, but its verdict got lost on the way.
 * Nothing is to be done; if it was accepted, it is there under `memoryId`.
 */
export interface Settled {
  readonly status: "settled";
  readonly sequence: number;
  readonly memoryId: string;
}

/** What became of an observation; there is exactly one. */
export type Verdict = Accepted | Rejected | Settled;

/** What to recall. With neither text nor embedding the newest memories that pass the conditions. */
export interface RecallQuery {
  readonly text?: string;
  readonly embedding?: Vector;
  /** 1 to 10 000; 10 if left out. */
  readonly maxResults?: number;
  /** Only what was committed when the request came; true if left out. */
  readonly snapshotIsolation?: boolean;
  /** Another space than the session's. */
  readonly space?: string;
  /** When it happened, both inclusive. */
  readonly from?: Date | string;
  readonly to?: Date | string;
  readonly place?: string;
  /** All of them took part. */
  readonly people?: readonly string[];
  /** A memory has all of these. */
  readonly tags?: readonly string[];
  /** A memory has none of these. */
  readonly excludedTags?: readonly string[];
  readonly minConfidence?: number;
  /** The least cosine, for queries with an embedding. */
  readonly minSimilarity?: number;
  readonly includeEmbeddings?: boolean;
}

export interface RecalledMemory {
  readonly id: string;
  readonly content: string;
  readonly confidence: number;
  readonly createdAt: Date | undefined;
  readonly when: Date | undefined;
  /** Likeness to the query: cosine, or for words alone the share of the best score. */
  readonly similarity: number | undefined;
  /** How present it is after decay, 0 to 1. */
  readonly activation: number;
  readonly where: string | undefined;
  readonly who: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly embedding: Float32Array | undefined;
}

/** Up to ten results of an answer, best first. */
export interface RecallBatch {
  readonly results: readonly RecalledMemory[];
  readonly more: boolean;
  /** The commit number up to which the space was searched; the same in all batches of an answer. */
  readonly snapshotSequence: number;
  readonly summary: RecallSummary;
}

export interface RecallSummary {
  readonly candidates: number;
  readonly tookMs: number;
}

/** A whole answer. */
export interface Recollection {
  readonly results: readonly RecalledMemory[];
  readonly snapshotSequence: number;
  readonly summary: RecallSummary;
}

export interface Capabilities {
  readonly maxObservationsPerSecond: number;
  readonly queueCapacity: number;
}

/** What the server says when a connection is ready. */
export interface Session {
  readonly id: string;
  /** Whether it is the session of the connection before, or the one asked for. */
  readonly resumed: boolean;
  /** The last number the server had settled. */
  readonly initialSequence: number;
  readonly capabilities: Capabilities;
}

export type StreamState = "ACTIVE" | "PAUSED" | "BACKPRESSURE" | "OVERLOADED" | "ERROR" | "CLOSED";

export interface StreamStatus {
  readonly state: StreamState;
  readonly text: string;
  /** The last settled number, where the server says it. */
  readonly lastSequence: number | undefined;
  /** How full the session's lane is, 0 to 1. */
  readonly pressure: number;
  readonly depth: number;
  readonly capacity: number;
  readonly retryAfterMs: number | undefined;
}
