package dev.myelin.memory.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WordPieceTokenizerTest {
  private static final WordPieceTokenizer TOKENIZER = tokenizer();

  private static WordPieceTokenizer tokenizer() {
    try (InputStream json = resource("/bge-small-en-v1.5-q-tokenizer.json")) {
      return WordPieceTokenizer.read(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(WordPieceTokenizerTest.class.getResourceAsStream(name), name);
  }

  /// Ids made by the tokenizer that the model was trained with (Hugging Face tokenizers 0.36).
  static Stream<String> golden() throws IOException {
    try (InputStream lines = resource("tokens.tsv")) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithTheTokenizerOfTheModel(String line) {
    int tab = line.indexOf('\t');
    String ids = line.substring(0, tab);
    assertThat(TOKENIZER.encode(unescape(line.substring(tab + 1)), 512))
        .containsExactly(Arrays.stream(ids.split(" ")).mapToLong(Long::parseLong).toArray());
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("\\u", i)) {
        plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
        i += 5;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }

  @Test
  void cutsAtTheMostTokensAndKeepsTheEndMark() {
    long[] ids = TOKENIZER.encode("one two three four five six", 5);
    assertThat(ids).hasSize(5).startsWith(101).endsWith(102);
    assertThat(ids).containsExactly(101, 2028, 2048, 2093, 102);
  }

  @Test
  void takesTheNameOfASpecialTokenAsPlainText() {
    assertThat(TOKENIZER.encode("[SEP]", 512)).containsExactly(101, 1031, 19802, 1033, 102);
  }

  @Test
  void refusesAFileWithoutVocabulary() {
    assertThatThrownBy(() -> WordPieceTokenizer.read(json("{\"model\": {}}")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("vocab");
    assertThatThrownBy(() -> WordPieceTokenizer.read(json("{\"vocab\": {\"a\": 1}}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[UNK]");
  }

  private static InputStream json(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
