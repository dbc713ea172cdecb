import type {
  BatchOutcome,
  Change,
  ChangePage,
  Document,
  DocumentPatch,
  Library,
  LibraryStatistics,
  NewDocument,
  Passage,
  SearchHit,
  SearchQuery,
} from "./types.js";

/** An object of the server's JSON. */
export type Json = Readonly<Record<string, unknown>>;

const told = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T | undefined));
const time = (value: unknown): Date => new Date(value as string);
const object = (value: unknown): Json => (value ?? {}) as Json;
const list = (value: unknown): readonly Json[] => (value ?? []) as readonly Json[];

export function library(json: Json): Library {
  return {
    id: json["id"] as string,
    name: json["name"] as string,
    description: told(json["description"]),
    documentCount: json["num_documents"] as number,
    passageCount: json["num_chunks"] as number,
    dimension: told(json["dimension"]),
    embeddingModel: told(json["embedding_model"]),
    createdAt: time(json["created_at"]),
    updatedAt: time(json["updated_at"]),
    metadata: object(json["metadata"]),
  };
}

export function statistics(json: Json): LibraryStatistics {
  return {
    documentCount: json["num_documents"] as number,
    passageCount: json["num_chunks"] as number,
    memoryCount: told(json["num_memories"]),
    dimension: told(json["embedding_dimension"]),
    lastOffset: json["last_offset"] as number,
  };
}

export function document(json: Json): Document {
  const {
    title,
    author,
    document_type: documentType,
    source_url: sourceUrl,
    tags,
    created_at: _,
    ...metadata
  } = object(json["metadata"]);
  return {
    id: json["id"] as string,
    libraryId: json["library_id"] as string,
    title: (json["title"] ?? title) as string,
    author: told(author),
    documentType: documentType as string,
    sourceUrl: told(sourceUrl),
    tags: (tags ?? []) as string[],
    metadata,
    text: told(json["text"]),
    passageCount: json["num_chunks"] as number,
    passages: list(json["chunks"]).map(passage),
    version: json["version"] as number,
    createdAt: time(json["created_at"]),
    updatedAt: time(json["updated_at"]),
  };
}

function passage(json: Json): Passage {
  return {
    id: json["id"] as string,
    text: json["text"] as string,
    index: told(object(json["metadata"])["chunk_index"]),
    embedding: told(json["embedding"]),
  };
}

export function batch(json: Json): BatchOutcome {
  return {
    succeeded: json["successful"] as number,
    failed: json["failed"] as number,
    items: list(json["results"]).map((item) => ({
      documentId: told(item["document_id"]),
      error: told(item["error"]),
    })),
  };
}

export function hit(json: Json): SearchHit {
  return {
    text: json["text"] as string,
    distance: told(json["distance"]),
    score: json["score"] as number,
    documentId: told(json["document_id"]),
    documentTitle: told(json["document_title"]),
    passage: passage(object(json["chunk"])),
  };
}

export function change(json: Json): Change {
  return {
    offset: json["offset"] as number,
    id: json["event_id"] as string,
    type: json["event_type"] as string,
    libraryId: json["library_id"] as string,
    data: object(json["data"]),
    at: time(json["timestamp"]),
  };
}

export function page(json: Json): ChangePage {
  return {
    changes: list(json["changes"]).map(change),
    nextSince: json["next_since"] as number,
    lastOffset: json["last_offset"] as number,
    hasMore: json["has_more"] as boolean,
  };
}

/** A document as the server reads it; members that are undefined stay away. */
export function writtenDocument(given: NewDocument | DocumentPatch): Json {
  const { documentType, sourceUrl, ...same } = given;
  const { passages, deferEmbedding, ...fields } = same as NewDocument;
  return {
    ...fields,
    document_type: documentType,
    source_url: sourceUrl,
    defer_embedding: deferEmbedding,
    chunks: passages?.map(({ text, embedding }) => ({ text, embedding: Array.from(embedding) })),
  };
}

export function writtenSearch(given: SearchQuery): Json {
  return {
    query: given.query,
    embedding: given.embedding && Array.from(given.embedding),
    mode: given.words ? "words" : undefined,
    k: given.k,
    distance_threshold: given.maxDistance,
    metadata_filters: given.filters,
    include_embeddings: given.includeEmbeddings,
  };
}
