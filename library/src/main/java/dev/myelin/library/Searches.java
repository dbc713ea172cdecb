package dev.myelin.library;

import dev.myelin.library.search.LibrarySearch;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.library.search.SearchAnswer;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// Checks questions, finds their meaning, and asks them.
final class Searches {
  private final LibrarySearch search;
  private final Preparation preparation;
  private final Meanings meanings;

  Searches(LibrarySearch search, Preparation preparation, Meanings meanings) {
    this.search = search;
    this.preparation = preparation;
    this.meanings = meanings;
  }

  SearchAnswer answer(Search asked) {
    check(asked);
    int dimension = preparation.dimension(asked.library());
    Embedding given = asked.embedding();
    if (given != null && dimension != 0 && given.dimension() != dimension) {
      throw new ServiceException(
          ErrorCode.DIMENSION_MISMATCH,
          "Invalid search: embedding has "
              + given.dimension()
              + " values (expected: "
              + dimension
              + "). Send one of that length.");
    }
    boolean known = dimension != 0 && (given != null || meanings.fits(dimension));
    return search.search(asked, meaning(asked, dimension), known);
  }

  private @Nullable Embedding meaning(Search asked, int dimension) {
    Embedding given = asked.embedding();
    String text = asked.text();
    if (given != null || text == null || asked.mode() != Mode.MEANING) {
      return given;
    }
    if (!meanings.fits(dimension)) {
      throw Refusals.search(
          "query",
          "cannot be embedded: " + meanings.misfit(dimension),
          "Send an embedding, or search by words.");
    }
    return meanings.ofQuestion(text);
  }

  private static void check(Search asked) {
    if (asked.k() < 1 || asked.k() > Search.MAX_K) {
      throw Refusals.search(
          "k", "is " + asked.k() + " (expected: 1 to " + Search.MAX_K + ")", "Choose another k.");
    }
    if (!(asked.maxDistance() >= 0f)) {
      throw Refusals.search(
          "distance_threshold",
          "is " + asked.maxDistance() + " (expected: 0 to 2)",
          "Leave it out for all.");
    }
    String text = asked.text();
    if (text != null && text.isBlank()) {
      throw Refusals.search(
          "query", "is blank (expected: something to look for)", "Send a text or an embedding.");
    }
    if (text == null && (asked.embedding() == null || asked.mode() != Mode.MEANING)) {
      throw Refusals.search(
          "query",
          "is missing (expected: a text"
              + (asked.mode() == Mode.MEANING ? " or an embedding)" : ")"),
          "Send one.");
    }
  }
}
