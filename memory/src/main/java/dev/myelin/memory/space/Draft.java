package dev.myelin.memory.space;

import dev.myelin.memory.filter.Facets;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.ranking.TextAnalysis;
import dev.myelin.memory.record.MemoryRecord;
import dev.myelin.memory.tail.Newborn;
import dev.myelin.memory.vector.VectorMath;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import java.time.Instant;

/// An episode made ready to be committed: encoded, its terms found, its vector measured. Made on
/// the caller's thread, so that little is left for the committer.
public final class Draft {
  private final MemoryId id;
  private final Episode episode;
  private final TextAnalysis analysis;
  private final Terms terms;
  private final float[] vector;
  private final float inverseLength;
  private final byte[] payload;

  public Draft(MemoryId id, Episode episode, TextAnalysis analysis) {
    this.id = id;
    this.episode = episode;
    this.analysis = analysis;
    terms = analysis.terms(episode);
    Embedding embedding = episode.embedding();
    float[] values = embedding == null ? new float[0] : embedding.values();
    float inverse = embedding == null ? 0f : VectorMath.FASTEST.inverseLength(values);
    payload = MemoryRecord.encode(id, episode, inverse);
    boolean outOfRange = embedding != null && inverse == 0f;
    vector = outOfRange ? VectorMath.FASTEST.unit(values) : values;
    inverseLength = outOfRange ? 1f : inverse;
  }

  public MemoryId id() {
    return id;
  }

  public Episode episode() {
    return episode;
  }

  /// The record; the journal takes it over.
  public byte[] payload() {
    return payload;
  }

  /// About what it holds in memory.
  public int bytes() {
    return 256 + payload.length + 4 * vector.length + 8 * terms.size();
  }

  public Memory memory(long offset, Instant at) {
    Instant when = episode.when();
    return new Memory(id, offset, at, when == null ? at : when, episode);
  }

  /// What is published once it is committed.
  public Newborn newborn(long offset, Instant at) {
    Memory memory = memory(offset, at);
    Facets facets = Facets.of(memory);
    Terms dated = analysis.withDay(terms, memory.when());
    return vector.length == 0
        ? new Newborn(facets, dated, 0, null, 0f)
        : new Newborn(facets, dated, offset, vector, inverseLength);
  }
}
