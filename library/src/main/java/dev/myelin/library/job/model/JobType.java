package dev.myelin.library.job.model;

import dev.myelin.model.Scope;
import java.util.Locale;
import java.util.Optional;

/// What a job does.
public enum JobType {
  BATCH_IMPORT(Scope.WRITE),
  BATCH_EXPORT(Scope.READ),
  BATCH_DELETE(Scope.WRITE),
  INDEX_REBUILD(Scope.ADMIN),
  INDEX_OPTIMIZE(Scope.ADMIN),
  REGENERATE_EMBEDDINGS(Scope.WRITE);

  private final Scope scope;

  JobType(Scope scope) {
    this.scope = scope;
  }

  /// What a key needs in the library to have it done, or to end it.
  public Scope scope() {
    return scope;
  }

  /// How it is written: `batch_import`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// How a path says it: `batch-import`.
  public String pathWord() {
    return word().replace('_', '-');
  }

  /// The type of a word, in either form.
  public static Optional<JobType> parse(String text) {
    for (JobType type : values()) {
      if (type.word().equals(text.replace('-', '_'))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
