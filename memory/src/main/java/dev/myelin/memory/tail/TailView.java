package dev.myelin.memory.tail;

import dev.myelin.memory.filter.Criteria;
import dev.myelin.memory.ranking.Bm25;
import dev.myelin.memory.ranking.Corpus;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.ranking.TopHits;
import dev.myelin.memory.vector.VectorMath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The tail as it was at one moment: does not change any more. Any thread.
public final class TailView {
  private final List<TailChunk> chunks;
  private final long before;
  private final long end;

  TailView(List<TailChunk> chunks, long before, long end) {
    this.chunks = chunks;
    this.before = before;
    this.end = end;
  }

  /// The offset up to which it was taken.
  public long end() {
    return end;
  }

  /// The offset before its first record.
  public long before() {
    return before;
  }

  /// This view without the chunks that an index covers. If the index is ahead of the view, the
  /// view's end moves up to it: then everything comes from the index.
  public TailView after(long covered) {
    List<TailChunk> rest = new ArrayList<>(chunks.size());
    for (TailChunk chunk : chunks) {
      if (chunk.first() > covered) {
        rest.add(chunk);
      }
    }
    return new TailView(rest, Math.max(before, covered), Math.max(end, covered));
  }

  /// Whether a memory of the index died after the index was made and before this view's end.
  public boolean isDead(long memory) {
    for (TailChunk chunk : chunks) {
      if (chunk.deathOf(memory) <= end) {
        return true;
      }
    }
    return false;
  }

  /// How many memories died in this view, at most.
  public int deaths() {
    int sum = 0;
    for (TailChunk chunk : chunks) {
      sum += chunk.deathCount();
    }
    return sum;
  }

  /// Offers the cosine of all memories that have an embedding and meet the conditions.
  ///
  /// @param unit the cue, of length 1
  public void nearest(float[] unit, Criteria criteria, TopHits hits) {
    each(entry -> {
      if (entry.hasVector() && criteria.accepts(entry.facets)) {
        float cosine = VectorMath.FASTEST.dot(unit, entry.block, entry.at);
        hits.offer(cosine, entry.facets.offset(), entry.vectorOffset);
      }
    });
  }

  /// Adds these texts to what BM25 must know, and gathers those that have any of a question's
  /// terms.
  public List<TailEntry> matching(Terms question, Corpus corpus) {
    List<TailEntry> matching = new ArrayList<>();
    each(entry -> {
      Terms terms = entry.terms;
      if (terms.length() > 0) {
        corpus.add(1, terms.length());
        boolean matches = false;
        for (int i = 0; i < question.size(); i++) {
          if (terms.frequencyOf(question.hash(i)) > 0) {
            corpus.addWith(i, 1);
            matches = true;
          }
        }
        if (matches) {
          matching.add(entry);
        }
      }
    });
    return matching;
  }

  /// Offers the score of those texts that meet the conditions.
  public static void score(
      List<TailEntry> matching, Bm25 scoring, Criteria criteria, TopHits hits) {
    for (TailEntry entry : matching) {
      if (criteria.accepts(entry.facets)) {
        hits.offer(scoring.score(entry.terms), entry.facets.offset(), entry.vectorOffset);
      }
    }
  }

  /// Offers all memories that meet the conditions, ranked by when they happened.
  public void newest(Criteria criteria, TopHits hits) {
    each(entry -> {
      if (criteria.accepts(entry.facets)) {
        hits.offer(entry.facets.when(), entry.facets.offset(), entry.vectorOffset);
      }
    });
  }

  /// Visits what is alive at the end of this view, oldest first.
  public void each(Consumer<TailEntry> visitor) {
    for (TailChunk chunk : chunks) {
      long last = Math.min(chunk.last(), end);
      for (long offset = chunk.first(); offset <= last; offset++) {
        TailEntry entry = chunk.entry(offset);
        if (entry != null && entry.isAliveAt(end)) {
          visitor.accept(entry);
        }
      }
    }
  }

  /// Visits the memories that died here and were not born here.
  public void eachForeignDeath(Consumer<Long> visitor) {
    for (TailChunk chunk : chunks) {
      for (Long memory : chunk.deaths()) {
        if (memory <= before && isFirstDeathIn(chunk, memory)) {
          visitor.accept(memory);
        }
      }
    }
  }

  private boolean isFirstDeathIn(TailChunk chunk, long memory) {
    for (TailChunk earlier : chunks) {
      if (earlier == chunk) {
        return chunk.deathOf(memory) <= end;
      }
      if (earlier.deathOf(memory) <= end) {
        return false;
      }
    }
    return false;
  }
}
