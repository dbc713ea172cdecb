package dev.myelin.memory.search;

import dev.myelin.memory.filter.Criteria;
import dev.myelin.memory.index.IndexSnapshot.Search;
import dev.myelin.memory.ranking.Bm25;
import dev.myelin.memory.ranking.Corpus;
import dev.myelin.memory.ranking.Hit;
import dev.myelin.memory.ranking.Terms;
import dev.myelin.memory.ranking.TopHits;
import dev.myelin.memory.space.Replay;
import dev.myelin.memory.space.Space;
import dev.myelin.memory.space.SpaceView;
import dev.myelin.memory.tail.TailEntry;
import dev.myelin.memory.tail.TailView;
import java.util.List;

/// Finds the best memories of a space by one ranking each: best first, of equals the newest.
/// Blocks; any thread.
public final class Searching {
  private final Replay replay;

  public Searching(Replay replay) {
    this.replay = replay;
  }

  /// What a search looks through, for what, and how far.
  ///
  /// @param depth how many hits are wanted
  /// @param exact of how many of them the scores and the order must be exact; the rest is close
  public record Scope(Space space, SpaceView view, Criteria criteria, int depth, int exact) {
    Search search() {
      return new Search(criteria, view.hidden(), depth);
    }
  }

  /// The memories nearest to a cue of length 1, scored by cosine.
  public List<Hit> nearest(float[] unit, Scope scope) {
    TopHits top = new TopHits(scope.depth);
    scope.view.tail().nearest(unit, scope.criteria, top);
    List<Hit> indexed = scope.view.index().nearest(unit, scope.search());
    int rescored = 2 * scope.exact + 16;
    for (Hit hit : indexed) {
      if (rescored-- > 0) {
        float cosine = replay.cosine(scope.space.stream(), hit.vectorOffset(), unit);
        if (!Float.isNaN(cosine)) {
          top.offer(cosine, hit.offset(), hit.vectorOffset());
        }
      } else {
        top.offer(hit.score(), hit.offset(), hit.vectorOffset());
      }
    }
    return top.drain();
  }

  /// The texts that answer a question best, scored by BM25 over index and tail together.
  public List<Hit> worded(Terms question, Scope scope) {
    Corpus corpus = new Corpus(question);
    List<TailEntry> matching = scope.view.tail().matching(question, corpus);
    scope.view.index().count(question, corpus);
    TopHits top = new TopHits(scope.depth);
    TailView.score(matching, new Bm25(question, corpus), scope.criteria, top);
    scope.view.index().worded(question, corpus, scope.search(), top);
    return top.drain();
  }

  /// The memories that happened last; their scores are zero.
  public List<Hit> newest(Scope scope) {
    TopHits top = new TopHits(scope.depth);
    scope.view.tail().newest(scope.criteria, top);
    scope.view.index().newest(scope.search(), top);
    return top.drain().stream().map(hit -> hit.withScore(0f)).toList();
  }
}
