/// Where embeddings of texts come from: in process, or from an OpenAI-compatible endpoint.
@NullMarked
package dev.myelin.memory.embedding;

import org.jspecify.annotations.NullMarked;
