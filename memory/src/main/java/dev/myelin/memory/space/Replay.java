package dev.myelin.memory.space;

import dev.myelin.journal.Journal;
import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import dev.myelin.memory.filter.Facets;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.ranking.TextAnalysis;
import dev.myelin.memory.record.EmbeddedRecord;
import dev.myelin.memory.record.ForgottenRecord;
import dev.myelin.memory.record.MemoryRecord;
import dev.myelin.memory.record.RecordKind;
import dev.myelin.memory.record.StoredVector;
import dev.myelin.memory.tail.FreshTail;
import dev.myelin.memory.tail.Newborn;
import dev.myelin.memory.tail.TailEntry;
import dev.myelin.memory.vector.VectorMath;
import dev.myelin.model.Embedding;
import dev.myelin.model.Memory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a space's records and says what each of them changed: the same that was published when
/// they were committed. Blocks; any thread.
public final class Replay {
  private final Journal journal;
  private final TextAnalysis analysis;

  public Replay(Journal journal, TextAnalysis analysis) {
    this.journal = journal;
    this.analysis = analysis;
  }

  /// What a record changed.
  ///
  /// @param tail where to look first for memories that earlier records committed
  public Publication publication(StreamName stream, JournalRecord record, FreshTail tail) {
    long offset = record.offset();
    if (record.erased()) {
      return new Publication(offset, 0, null);
    }
    return switch (RecordKind.of(record.kind())) {
      case REMEMBERED -> {
        Memory memory = decode(record);
        long death = MemoryRecord.supersedes(record.payload());
        yield new Publication(offset, death, newborn(memory, terms(memory)));
      }
      case FORGOTTEN -> forgotten(stream, offset, ForgottenRecord.decode(record.payload()));
      case EMBEDDED -> embedded(stream, offset, EmbeddedRecord.decode(record.payload()), tail);
      case NOTED -> new Publication(offset, 0, null);
    };
  }

  private Publication forgotten(StreamName stream, long offset, ForgottenRecord record) {
    return switch (record.action()) {
      case DELETED, SUPPRESSED -> new Publication(offset, record.target(), null);
      case RESTORED ->
          new Publication(offset, 0, reborn(stream, record.target(), record.vectorOffset()));
    };
  }

  private Publication embedded(
      StreamName stream, long offset, EmbeddedRecord record, FreshTail tail) {
    if (record.hidden()) {
      return new Publication(offset, 0, null);
    }
    TailEntry entry = tail.entryOf(record.target());
    Newborn birth =
        entry != null
            ? embedded(entry.facets(), entry.terms(), offset, record.embedding())
            : memory(stream, record.target())
                .map(found -> embedded(found, offset, record.embedding()))
                .orElse(null);
    return new Publication(offset, record.target(), birth);
  }

  /// The memory of an offset, unless its payload was erased.
  public Optional<Memory> memory(StreamName stream, long offset) {
    JournalRecord record = journal.read(stream, offset);
    return record == null || record.erased() ? Optional.empty() : Optional.of(decode(record));
  }

  /// The embedding that a record holds, or null if it was erased.
  public @Nullable Embedding embedding(StreamName stream, long offset) {
    JournalRecord record = journal.read(stream, offset);
    if (record == null || record.erased()) {
      return null;
    }
    return RecordKind.of(record.kind()) == RecordKind.EMBEDDED
        ? EmbeddedRecord.decode(record.payload()).embedding()
        : decode(record).episode().embedding();
  }

  /// The cosine of a cue of length 1 and the embedding that a record holds; NaN if it was erased.
  public float cosine(StreamName stream, long vectorOffset, float[] unit) {
    JournalRecord record = vectorOffset == 0 ? null : journal.read(stream, vectorOffset);
    if (record == null || record.erased()) {
      return Float.NaN;
    }
    StoredVector stored = StoredVector.of(record.payload());
    if (stored.values().length != unit.length) {
      return Float.NaN;
    }
    return Math.clamp(VectorMath.FASTEST.dot(unit, stored.unit(), 0), -1f, 1f);
  }

  /// A memory as it is published when it comes back; null if it was erased.
  public @Nullable Newborn reborn(StreamName stream, long target, long vectorOffset) {
    Memory memory = memory(stream, target).orElse(null);
    if (memory == null) {
      return null;
    }
    if (vectorOffset == 0 || vectorOffset == target) {
      return newborn(memory, terms(memory));
    }
    Embedding embedding = embedding(stream, vectorOffset);
    return embedding == null
        ? newborn(memory, terms(memory))
        : embedded(memory, vectorOffset, embedding);
  }

  public Terms terms(Memory memory) {
    return analysis.withDay(analysis.terms(memory.episode()), memory.when());
  }

  /// A memory as it is published when it is committed.
  static Newborn newborn(Memory memory, Terms terms) {
    Embedding embedding = memory.episode().embedding();
    return embedding == null
        ? new Newborn(Facets.of(memory), terms, 0, null, 0f)
        : embedded(Facets.of(memory), terms, memory.offset(), embedding);
  }

  /// A memory as it is published with an embedding of another record.
  public Newborn embedded(Memory memory, long vectorOffset, Embedding embedding) {
    return embedded(Facets.of(memory), terms(memory), vectorOffset, embedding);
  }

  private static Newborn embedded(
      Facets facets, Terms terms, long vectorOffset, Embedding embedding) {
    float inverse = VectorMath.FASTEST.inverseLength(embedding.values());
    return inverse == 0f
        ? new Newborn(facets, terms, vectorOffset, VectorMath.FASTEST.unit(embedding.values()), 1f)
        : new Newborn(facets, terms, vectorOffset, embedding.values(), inverse);
  }

  private static Memory decode(JournalRecord record) {
    return MemoryRecord.decode(record.payload(), record.offset(), record.committedAt());
  }
}
