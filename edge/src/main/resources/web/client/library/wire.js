const told = (value) => (value === null ? undefined : value);
const time = (value) => new Date(value);
const object = (value) => (value ?? {});
const list = (value) => (value ?? []);
export function library(json) {
    return {
        id: json["id"],
        name: json["name"],
        description: told(json["description"]),
        documentCount: json["num_documents"],
        passageCount: json["num_chunks"],
        dimension: told(json["dimension"]),
        embeddingModel: told(json["embedding_model"]),
        createdAt: time(json["created_at"]),
        updatedAt: time(json["updated_at"]),
        metadata: object(json["metadata"]),
    };
}
export function statistics(json) {
    return {
        documentCount: json["num_documents"],
        passageCount: json["num_chunks"],
        memoryCount: told(json["num_memories"]),
        dimension: told(json["embedding_dimension"]),
        lastOffset: json["last_offset"],
    };
}
export function document(json) {
    const { title, author, document_type: documentType, source_url: sourceUrl, tags, created_at: _, ...metadata } = object(json["metadata"]);
    return {
        id: json["id"],
        libraryId: json["library_id"],
        title: (json["title"] ?? title),
        author: told(author),
        documentType: documentType,
        sourceUrl: told(sourceUrl),
        tags: (tags ?? []),
        metadata,
        text: told(json["text"]),
        passageCount: json["num_chunks"],
        passages: list(json["chunks"]).map(passage),
        version: json["version"],
        createdAt: time(json["created_at"]),
        updatedAt: time(json["updated_at"]),
    };
}
function passage(json) {
    return {
        id: json["id"],
        text: json["text"],
        index: told(object(json["metadata"])["chunk_index"]),
        embedding: told(json["embedding"]),
    };
}
export function batch(json) {
    return {
        succeeded: json["successful"],
        failed: json["failed"],
        items: list(json["results"]).map((item) => ({
            documentId: told(item["document_id"]),
            error: told(item["error"]),
        })),
    };
}
export function hit(json) {
    return {
        text: json["text"],
        distance: told(json["distance"]),
        score: json["score"],
        documentId: told(json["document_id"]),
        documentTitle: told(json["document_title"]),
        passage: passage(object(json["chunk"])),
    };
}
export function change(json) {
    return {
        offset: json["offset"],
        id: json["event_id"],
        type: json["event_type"],
        libraryId: json["library_id"],
        data: object(json["data"]),
        at: time(json["timestamp"]),
    };
}
export function page(json) {
    return {
        changes: list(json["changes"]).map(change),
        nextSince: json["next_since"],
        lastOffset: json["last_offset"],
        hasMore: json["has_more"],
    };
}
export function writtenDocument(given) {
    const { documentType, sourceUrl, ...same } = given;
    const { passages, deferEmbedding, ...fields } = same;
    return {
        ...fields,
        document_type: documentType,
        source_url: sourceUrl,
        defer_embedding: deferEmbedding,
        chunks: passages?.map(({ text, embedding }) => ({ text, embedding: Array.from(embedding) })),
    };
}
export function writtenSearch(given) {
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
