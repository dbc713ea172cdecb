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
    Search settled = asked.in(mode(asked, dimension));
    return search.search(settled, meaning(settled, dimension), known);
  }

  /// What is ranked by where that is left to the server. Who limits the distance wants distances.
  private Mode mode(Search asked, int dimension) {
    if (asked.mode() != Mode.AUTOMATIC) {
      return asked.mode();
    }
    boolean measured =
        asked.embedding() != null
            || meanings.fits(dimension)
            || asked.maxDistance() < Search.MAX_DISTANCE;
    return measured ? Mode.MEANING : Mode.WORDS;
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
          "Send an embedding, or search by words, which have no distance.");
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
    boolean worded = asked.mode() == Mode.WORDS || asked.mode() == Mode.HYBRID;
    if (text == null && (asked.embedding() == null || worded)) {
      throw Refusals.search(
          "query",
          "is missing (expected: a text" + (worded ? ")" : " or an embedding)"),
          "Send one.");
    }
    if (asked.mode() == Mode.WORDS && asked.maxDistance() < Search.MAX_DISTANCE) {
      throw Refusals.search(
          "distance_threshold",
          "is given, and words have no distance (expected: none)",
          "Leave it out, or search by meaning.");
    }
  }
}
