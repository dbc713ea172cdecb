import type { Vector } from "../types.js";

/** What a document or a library is told with: any JSON. */
export type Metadata = Readonly<Record<string, unknown>>;

export interface NewLibrary {
  /** 3 to 64 of `a-z`, `0-9`, `_`, `-`; the server makes one if left out. */
  readonly id?: string;
  /** 1 to 255 characters. */
  readonly name: string;
  readonly description?: string;
  /** Length of the embeddings, 1 to 4 096; the first embedding fixes it if left out. */
  readonly dimension?: number;
  readonly metadata?: Metadata;
}

export interface LibraryPatch {
  readonly name?: string;
  readonly description?: string | null;
  readonly metadata?: Metadata;
}

export interface Library {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly documentCount: number;
  readonly passageCount: number;
  /** Length of the embeddings; undefined until there is one. */
  readonly dimension: number | undefined;
  readonly embeddingModel: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly metadata: Metadata;
}

export interface LibraryStatistics {
  readonly documentCount: number;
  readonly passageCount: number;
  /** Passages and streamed memories. */
  readonly memoryCount: number | undefined;
  readonly dimension: number | undefined;
  /** The newest offset of the change feed. */
  readonly lastOffset: number;
}

interface DocumentFields {
  /** Its name in the library; the server makes one if left out. */
  readonly id?: string;
  /** 1 to 500 characters. */
  readonly title?: string;
  readonly author?: string;
  readonly documentType?: string;
  readonly sourceUrl?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Metadata;
}

/** A document with exactly one of `text`, `texts` and `passages`. */
export interface NewDocument extends DocumentFields {
  /** The whole text; the server parts it into passages. */
  readonly text?: string;
  /** A passage each. */
  readonly texts?: readonly string[];
  /** Passages with their embeddings, all of one length. */
  readonly passages?: readonly { readonly text: string; readonly embedding: Vector }[];
  /** Answers before the embeddings are made; until then the document is found by its words alone. */
  readonly deferEmbedding?: boolean;
}

/** What is given changes; a new text replaces all passages in one step. */
export interface DocumentPatch extends Omit<DocumentFields, "id"> {
  readonly text?: string;
  readonly texts?: readonly string[];
}

export interface Passage {
  readonly id: string;
  readonly text: string;
  /** Its place in the document, from 0; undefined for a streamed memory. */
  readonly index: number | undefined;
  /** Only where it was asked for. */
  readonly embedding: readonly number[] | undefined;
}

export interface Document {
  readonly id: string;
  readonly libraryId: string;
  readonly title: string;
  readonly author: string | undefined;
  readonly documentType: string;
  readonly sourceUrl: string | undefined;
  readonly tags: readonly string[];
  /** Its own members and nothing else. */
  readonly metadata: Metadata;
  /** The passages as one text; undefined where they were not told. */
  readonly text: string | undefined;
  readonly passageCount: number;
  readonly passages: readonly Passage[];
  /** Grows with each change; pass it as `ifVersion` to change only what you have read. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What became of one document of a batch. */
export interface BatchItem {
  readonly documentId: string | undefined;
  /** Why it failed; undefined if it did not. */
  readonly error: string | undefined;
}

export interface BatchOutcome {
  readonly succeeded: number;
  readonly failed: number;
  /** One for each that was sent, in order. */
  readonly items: readonly BatchItem[];
}

export type Operator = "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "in" | "contains";

export interface Filter {
  /** Such as `title`, `tags`, `created_at`, or a member of the documents' metadata. */
  readonly field: string;
  readonly operator: Operator;
  readonly value: unknown;
}

/** What to look for: by `query`, by `embedding`, or by both. */
export interface SearchQuery {
  /** 1 to 1 000 characters. */
  readonly query?: string;
  readonly embedding?: Vector;
  /** How many results, 1 to 100; 10 if left out. */
  readonly k?: number;
  /** Leaves out what is further away, 0 to 2. */
  readonly maxDistance?: number;
  /** All must hold; applied inside the search. */
  readonly filters?: readonly Filter[];
  readonly includeEmbeddings?: boolean;
  /** Ranks by words and meaning together; needs `query` and takes no `embedding`. */
  readonly hybrid?: boolean;
  /** Ranks by the words of `query` alone, which needs no model and has no distance. */
  readonly words?: boolean;
}

export interface SearchHit {
  readonly text: string;
  /** 1 - cosine, 0 to 2; undefined while the passage has no embedding. */
  readonly distance: number | undefined;
  readonly score: number;
  /** Undefined for a streamed memory, as is its title. */
  readonly documentId: string | undefined;
  readonly documentTitle: string | undefined;
  readonly passage: Passage;
}

/** One change of a library. */
export interface Change {
  /** Its place: grows, with holes. The cursor to go on after. */
  readonly offset: number;
  /** The same on every delivery. */
  readonly id: string;
  readonly type: string;
  readonly libraryId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  /** The cursor of the next page. */
  readonly nextSince: number;
  readonly lastOffset: number;
  readonly hasMore: boolean;
}
