package dev.myelin.server.config;

import dev.myelin.memory.embedding.EmbeddingConfig;

/// The keys under `embedding`.
final class EmbeddingSection {
  private EmbeddingSection() {}

  static EmbeddingConfig read(Values values, EmbeddingConfig otherwise) {
    return new EmbeddingConfig(
        values.choice("embedding.provider", otherwise.provider()),
        values.text("embedding.model", otherwise.model()),
        values.text("embedding.base-url", otherwise.baseUrl()),
        values.secret("embedding.api-key", null),
        values.integer("embedding.dimension", otherwise.dimension()),
        values.text("embedding.query-prefix", otherwise.queryPrefix()),
        values.text("embedding.passage-prefix", otherwise.passagePrefix()),
        values.integer("embedding.max-characters", otherwise.maxCharacters()),
        values.integer("embedding.threads", otherwise.threads()),
        values.integer("embedding.batch-size", otherwise.batchSize()),
        values.integer("embedding.max-in-flight", otherwise.maxInFlight()),
        values.duration("embedding.timeout", otherwise.timeout()),
        values.integer("embedding.max-attempts", otherwise.maxAttempts()));
  }
}
