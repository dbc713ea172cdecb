package dev.myelin.library.chunk;

import java.util.ArrayList;
import java.util.List;

/// Cuts a text into passages by its structure: a passage ends where a heading, or else a sentence,
/// ends, and begins with the last sentences of the one before it, unless a heading parts them.
public final class Chunker {
  private final ChunkBounds bounds;
  private final int maxCharacters;

  /// A chunker.
  ///
  /// @param maxCharacters how long a passage may be at most
  public Chunker(ChunkBounds bounds, int maxCharacters) {
    this.bounds = bounds;
    this.maxCharacters = maxCharacters;
  }

  /// The passages of a text in order; none if it is blank.
  public List<Span> cut(String text) {
    List<Piece> pieces = Pieces.of(text, bounds.targetTokens(), maxCharacters);
    List<Span> spans = new ArrayList<>();
    int first = 0;
    while (first < pieces.size()) {
      int end = end(pieces, first);
      int start = pieces.get(first).start();
      spans.add(new Span(start, text.substring(start, pieces.get(end - 1).end())));
      first = end == pieces.size() ? end : overlap(pieces, first, end);
    }
    return spans;
  }

  /// After the last piece of the passage that begins with that one.
  private int end(List<Piece> pieces, int first) {
    int tokens = 0;
    int end = first;
    while (end < pieces.size() && fits(pieces, first, end, tokens)) {
      tokens += pieces.get(end).tokens();
      end++;
    }
    int kept = end;
    while (kept - 1 > first && kept < pieces.size() && pieces.get(kept - 1).heading()) {
      kept--;
    }
    return kept;
  }

  private boolean fits(List<Piece> pieces, int first, int next, int tokens) {
    Piece piece = pieces.get(next);
    if (next == first) {
      return true;
    }
    boolean newSection = piece.heading() && !pieces.get(next - 1).heading();
    return !(newSection && tokens >= bounds.targetTokens() / 4)
        && tokens + piece.tokens() <= bounds.targetTokens()
        && piece.end() - pieces.get(first).start() <= maxCharacters;
  }

  /// Where the next passage begins: some pieces before the end, but after `first`.
  private int overlap(List<Piece> pieces, int first, int end) {
    if (pieces.get(end).heading()) {
      return end;
    }
    int start = end;
    int tokens = 0;
    while (start - 1 > first
        && !pieces.get(start - 1).heading()
        && tokens + pieces.get(start - 1).tokens() <= bounds.overlapTokens()
        && tokens + pieces.get(start - 1).tokens() + pieces.get(end).tokens()
            <= bounds.targetTokens()
        && pieces.get(end).end() - pieces.get(start - 1).start() <= maxCharacters) {
      start--;
      tokens += pieces.get(start).tokens();
    }
    return start;
  }
}
