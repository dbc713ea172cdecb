package dev.myelin.library.chunk;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Takes a text apart: paragraphs between blank lines and headings of Markdown, sentences in
/// paragraphs, and words in sentences that are too long.
final class Pieces {
  private final String text;
  private final int maxTokens;
  private final int maxCharacters;
  private final List<Piece> pieces = new ArrayList<>();

  private Pieces(String text, int maxTokens, int maxCharacters) {
    this.text = text;
    this.maxTokens = maxTokens;
    this.maxCharacters = maxCharacters;
  }

  /// The pieces of a text, none longer than either bound.
  static List<Piece> of(String text, int maxTokens, int maxCharacters) {
    Pieces pieces = new Pieces(text, maxTokens, maxCharacters);
    pieces.lines();
    return pieces.pieces;
  }

  private void lines() {
    int paragraph = 0;
    int line = 0;
    while (line < text.length()) {
      int newline = text.indexOf('\n', line);
      int end = newline < 0 ? text.length() : newline + 1;
      boolean heading = isHeading(line, end);
      if (heading || text.substring(line, end).isBlank()) {
        sentences(paragraph, line);
        paragraph = end;
      }
      if (heading) {
        add(line, end, true);
      }
      line = end;
    }
    sentences(paragraph, text.length());
  }

  /// One to six `#` and a space.
  private boolean isHeading(int start, int end) {
    int at = start;
    while (at < end && text.charAt(at) == '#') {
      at++;
    }
    return at > start
        && at - start <= 6
        && at < end
        && (text.charAt(at) == ' ' || text.charAt(at) == '\t');
  }

  private void sentences(int from, int to) {
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(text.substring(from, to));
    int start = from;
    while (sentences.next() != BreakIterator.DONE) {
      int end = from + sentences.current();
      add(start, end, false);
      start = end;
    }
  }

  private void add(int from, int to, boolean heading) {
    int start = from;
    int end = to;
    while (start < end && isSpace(end - 1)) {
      end--;
    }
    while (start < end) {
      if (isSpace(start)) {
        start++;
      } else {
        int cut = cut(start, end);
        int trimmed = cut;
        while (isSpace(trimmed - 1)) {
          trimmed--;
        }
        pieces.add(new Piece(start, trimmed, Tokens.in(text, start, trimmed), heading));
        start = cut;
      }
    }
  }

  /// As far as the bounds allow, and to the end of a word if there is one.
  private int cut(int start, int end) {
    int reach = Tokens.reach(text, start, Math.min(end, start + maxCharacters), maxTokens);
    if (reach == end) {
      return end;
    }
    int space = reach;
    while (space > start && !isSpace(space - 1)) {
      space--;
    }
    int cut = space > start ? space : Math.max(reach, start + 1);
    return cut > start + 1 && Character.isLowSurrogate(text.charAt(cut)) ? cut - 1 : cut;
  }

  private boolean isSpace(int at) {
    return Character.isWhitespace(text.charAt(at)) || Character.isSpaceChar(text.charAt(at));
  }
}
