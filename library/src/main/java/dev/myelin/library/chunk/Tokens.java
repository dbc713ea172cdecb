package dev.myelin.library.chunk;

/// About how many tokens a word-piece model makes of a text: one of each mark and ideograph, one of
/// each six letters of a word.
final class Tokens {
  private static final int LETTERS = 6;

  private Tokens() {}

  static int in(CharSequence text, int from, int to) {
    int tokens = 0;
    int letters = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      letters = isLetter(c) ? letters + 1 : 0;
      tokens += begins(c, letters) ? 1 : 0;
    }
    return tokens;
  }

  /// How far from a place on there are at most so many tokens.
  static int reach(CharSequence text, int from, int to, int maxTokens) {
    int tokens = 0;
    int letters = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      letters = isLetter(c) ? letters + 1 : 0;
      tokens += begins(c, letters) ? 1 : 0;
      if (tokens > maxTokens) {
        return i;
      }
    }
    return to;
  }

  /// Whether a token begins with a character, the so-manyth letter of its word.
  private static boolean begins(char c, int letters) {
    return letters == 0 ? !Character.isWhitespace(c) : letters % LETTERS == 1;
  }

  private static boolean isLetter(char c) {
    return (Character.isLetterOrDigit(c) && !Character.isIdeographic(c))
        || Character.isSurrogate(c);
  }
}
