package dev.myelin.client.library.model;

import dev.myelin.client.model.Embedding;
import java.time.Instant;

/// A passage of a document, or a streamed memory.
///
/// @param index its place in the document, from 0; -1 for a streamed memory
/// @param start where it begins in the text of the document; -1 for a streamed memory
/// @param embedding empty unless it was asked for
public record Passage(
    String id, String text, int index, int start, Embedding embedding, Instant createdAt) {}
