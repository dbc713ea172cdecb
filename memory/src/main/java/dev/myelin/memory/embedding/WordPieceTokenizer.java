package dev.myelin.memory.embedding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Cuts English text into the word pieces of an uncased BERT vocabulary (Devlin et al. 2018; Wu et
/// al. 2016).
///
/// Text is cleaned of control characters, stripped of accents and lowered; words end at white
/// space, punctuation is a word of its own, and each word is cut greedily into the longest known
/// pieces. Names of special tokens inside a text are plain text. Immutable; any thread.
final class WordPieceTokenizer {
  private static final int MAX_WORD_CHARS = 100;
  private static final String CONTINUATION = "##";

  private final Map<String, Integer> starts;
  private final Map<String, Integer> continuations;
  private final int unknown;
  private final int first;
  private final int last;

  private WordPieceTokenizer(Map<String, Integer> vocabulary) {
    starts = HashMap.newHashMap(vocabulary.size());
    continuations = HashMap.newHashMap(vocabulary.size() / 4);
    vocabulary.forEach((piece, id) -> {
      if (piece.startsWith(CONTINUATION)) {
        continuations.put(piece.substring(CONTINUATION.length()), id);
      } else {
        starts.put(piece, id);
      }
    });
    unknown = special(vocabulary, "[UNK]");
    first = special(vocabulary, "[CLS]");
    last = special(vocabulary, "[SEP]");
  }

  private static int special(Map<String, Integer> vocabulary, String name) {
    Integer id = vocabulary.get(name);
    if (id == null) {
      throw new IllegalArgumentException("vocabulary: has no " + name + " (expected: one)");
    }
    return id;
  }

  /// Reads the vocabulary out of a `tokenizer.json`.
  static WordPieceTokenizer read(InputStream tokenizerJson) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(tokenizerJson)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME && json.currentName().equals("vocab")) {
          return new WordPieceTokenizer(readVocabulary(json));
        }
      }
    }
    throw new IOException("tokenizer.json: has no vocab (expected: model.vocab)");
  }

  private static Map<String, Integer> readVocabulary(JsonParser json) throws IOException {
    Map<String, Integer> vocabulary = HashMap.newHashMap(32_768);
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String piece = json.currentName();
      vocabulary.put(piece, json.nextIntValue(-1));
    }
    return vocabulary;
  }

  /// The ids of a text between the marks of its begin and its end, cut at `maxTokens` in all.
  long[] encode(String text, int maxTokens) {
    Pieces pieces = new Pieces(maxTokens);
    pieces.add(first);
    int at = 0;
    while (at < text.length() && !pieces.isFull()) {
      int end = endOfWord(text, at);
      if (end > at) {
        encodeWord(normalize(text.substring(at, end)), pieces);
      }
      at = end + 1;
    }
    return pieces.closedWith(last);
  }

  private static int endOfWord(String text, int from) {
    int at = from;
    while (at < text.length() && !isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  private static String normalize(String word) {
    if (word.chars().allMatch(c -> c > ' ' && c < 127)) {
      return word.toLowerCase(Locale.ROOT);
    }
    StringBuilder cleaned = new StringBuilder(word.length());
    word.codePoints().filter(c -> !isRemoved(c)).forEach(cleaned::appendCodePoint);
    StringBuilder normal = new StringBuilder(cleaned.length());
    Normalizer.normalize(cleaned, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(c -> normal.appendCodePoint(Character.toLowerCase(c)));
    return normal.toString();
  }

  private static boolean isRemoved(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> c == 0xFFFD;
    };
  }

  /// Cuts at punctuation and around each ideograph, then into pieces.
  private void encodeWord(String word, Pieces pieces) {
    int begin = 0;
    for (int at = 0; at < word.length() && !pieces.isFull(); ) {
      int c = word.codePointAt(at);
      int next = at + Character.charCount(c);
      if (isAlone(c)) {
        encodePart(word.substring(begin, at), pieces);
        encodePart(word.substring(at, next), pieces);
        begin = next;
      }
      at = next;
    }
    encodePart(word.substring(begin), pieces);
  }

  private static boolean isAlone(int c) {
    if (c < 128) {
      return c > ' ' && c != 127 && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> isIdeograph(c);
    };
  }

  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  private void encodePart(String part, Pieces pieces) {
    if (part.isEmpty()) {
      return;
    }
    if (part.codePointCount(0, part.length()) > MAX_WORD_CHARS) {
      pieces.add(unknown);
      return;
    }
    int mark = pieces.count;
    for (int at = 0; at < part.length(); ) {
      int end = longestPiece(part, at, pieces);
      if (end == at) {
        pieces.count = mark;
        pieces.add(unknown);
        return;
      }
      at = end;
    }
  }

  private int longestPiece(String part, int from, Pieces pieces) {
    Map<String, Integer> known = from == 0 ? starts : continuations;
    for (int end = part.length(); end > from; end--) {
      Integer id = known.get(part.substring(from, end));
      if (id != null) {
        pieces.add(id);
        return end;
      }
    }
    return from;
  }

  /// Grows up to the room there is, less one for the end mark; what is more is dropped.
  private static final class Pieces {
    private final int max;
    private long[] ids = new long[32];
    private int count;

    Pieces(int max) {
      this.max = max;
    }

    boolean isFull() {
      return count >= max - 1;
    }

    void add(int id) {
      if (isFull()) {
        return;
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count++] = id;
    }

    long[] closedWith(int id) {
      long[] closed = Arrays.copyOf(ids, count + 1);
      closed[count] = id;
      return closed;
    }
  }
}
