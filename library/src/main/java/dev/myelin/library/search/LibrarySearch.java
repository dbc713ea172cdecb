package dev.myelin.library.search;

import dev.myelin.library.document.Passage;
import dev.myelin.library.document.PassagePairs;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.MemoryFilter;
import dev.myelin.memory.RecallQuery;
import dev.myelin.memory.Recollection;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.memory.filter.Condition;
import dev.myelin.model.Embedding;
import dev.myelin.model.Memory;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks the memory engine. Blocks; any thread.
public final class LibrarySearch {
  /// How many times as many candidates as results are looked at where distance is not the order.
  private static final int CANDIDATES_PER_RESULT = 4;

  private final MemoryEngine memories;

  public LibrarySearch(MemoryEngine memories) {
    this.memories = memories;
  }

  /// Answers a question that was checked and whose mode is settled.
  ///
  /// @param meaning the question's embedding: given, or its text's; null for words alone, and where
  ///   the engine finds it
  /// @param known whether distances can be known
  public SearchAnswer search(Search search, @Nullable Embedding meaning, boolean known) {
    boolean byDistance = search.mode() == Mode.MEANING;
    boolean limited = search.maxDistance() < Search.MAX_DISTANCE && !byDistance && known;
    RecallQuery query =
        new RecallQuery(
            search.library(),
            search.mode() == Mode.WORDS ? null : meaning,
            byDistance ? null : search.text(),
            MemoryFilter.where(search.conditions().stream().map(LibrarySearch::timed).toList()),
            limited ? CANDIDATES_PER_RESULT * search.k() : search.k(),
            byDistance ? 1f - search.maxDistance() : -1f,
            Long.MAX_VALUE,
            search.includeEmbeddings(),
            false);
    Recollection found =
        memories.recall(search.mode() == Mode.WORDS ? query.byWordsAlone() : query);
    boolean measured = known && search.mode() != Mode.WORDS;
    List<SearchHit> hits =
        found.results().stream()
            .map(recalled -> hit(recalled, measured))
            .filter(hit -> !limited || hit.distance() <= search.maxDistance())
            .limit(search.k())
            .toList();
    return new SearchAnswer(hits, found.took(), search.mode());
  }

  /// A time compared with when a document came, in the form in which that is stored.
  private static Condition timed(Condition condition) {
    if (!condition.field().equals(PassagePairs.CREATED_AT)) {
      return condition;
    }
    return new Condition(
        condition.field(),
        condition.operator(),
        condition.values().stream().map(LibrarySearch::time).toList());
  }

  private static String time(String text) {
    try {
      return PassagePairs.time(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException _) {
      return text;
    }
  }

  private static SearchHit hit(Recalled recalled, boolean measured) {
    Memory memory = recalled.memory();
    Map<String, String> pairs = memory.circumstances().metadata();
    boolean ofDocument = PassagePairs.isPassage(pairs);
    Passage passage =
        new Passage(
            memory.id().value(),
            ofDocument ? number(pairs.get(PassagePairs.INDEX)) : 0,
            memory.content(),
            ofDocument ? number(pairs.get(PassagePairs.START)) : 0,
            memory.episode().embedding(),
            memory.committedAt());
    return new SearchHit(
        passage,
        measured ? Math.clamp(1f - recalled.similarity(), 0f, Search.MAX_DISTANCE) : Float.NaN,
        recalled.score(),
        ofDocument ? pairs.get(PassagePairs.DOCUMENT_ID) : null,
        ofDocument ? pairs.get(PassagePairs.DOCUMENT_TITLE) : null,
        pairs);
  }

  private static int number(@Nullable String text) {
    double number = text == null ? Double.NaN : Condition.number(text);
    return Double.isNaN(number) ? 0 : (int) number;
  }
}
