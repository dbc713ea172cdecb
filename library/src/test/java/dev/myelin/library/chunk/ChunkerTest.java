package dev.myelin.library.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/// Cutting a text into passages.
final class ChunkerTest {
  private static final Chunker CHUNKER = new Chunker(new ChunkBounds(20, 6), 200);

  @Test
  void keepsAShortTextWhole() {
    assertThat(CHUNKER.cut("  One. Two.\n\nThree. \n"))
        .containsExactly(new Span(2, "One. Two.\n\nThree."));
    assertThat(CHUNKER.cut(" \n\t")).isEmpty();
  }

  @Test
  void endsPassagesAtSentencesAndBeginsWithTheLastOne() {
    String text = "The cat sat on a mat. It was warm there. The dog ran in the rain. It was cold.";
    List<Span> spans = new Chunker(new ChunkBounds(14, 7), 200).cut(text);
    assertThat(spans)
        .extracting(Span::text)
        .containsExactly(
            "The cat sat on a mat. It was warm there.",
            "It was warm there. The dog ran in the rain.",
            "The dog ran in the rain. It was cold.");
  }

  @Test
  void beginsASectionWithItsHeading() {
    String text =
        "# Cats\nCats sleep on a mat all the day long.\n## Dogs\nDogs run in the rain all the day.";
    assertThat(CHUNKER.cut(text))
        .extracting(Span::text)
        .containsExactly(
            "# Cats\nCats sleep on a mat all the day long.",
            "## Dogs\nDogs run in the rain all the day.");
  }

  @Test
  void cutsASentenceWithoutEndBetweenWords() {
    String text = "word ".repeat(100);
    List<Span> spans = CHUNKER.cut(text);
    assertThat(spans).hasSizeBetween(5, 8);
    assertThat(spans).allSatisfy(span -> assertThat(span.text()).matches("word( word)*"));
  }

  @Test
  void cutsAWordWithoutEnd() {
    List<Span> spans = new Chunker(ChunkBounds.DEFAULT, 500).cut("x".repeat(1_200));
    assertThat(spans).extracting(span -> span.text().length()).containsExactly(500, 500, 200);
  }

  @Test
  void makesPassagesOfAboutTheTokensAskedFor() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append("Sentence number ").append(i).append(" tells of a small thing. ");
    }
    List<Span> spans = new Chunker(ChunkBounds.DEFAULT, 10_000).cut(text.toString());
    for (Span span : spans.subList(0, spans.size() - 1)) {
      assertThat(Tokens.in(span.text(), 0, span.text().length())).isBetween(150, 200);
    }
  }

  @Property(tries = 300)
  void coversEveryCharacterOfAnyTextInOrder(
      @ForAll
          @StringLength(max = 800)
          @Chars({' ', '\n', '#', '.', '!', '猫', '\ud83d', '\ude00', ','})
          @CharRange(from = 'a', to = 'z')
          String text) {
    boolean[] covered = new boolean[text.length()];
    int last = -1;
    for (Span span : CHUNKER.cut(text)) {
      assertThat(span.start()).isGreaterThan(last);
      last = span.start();
      assertThat(text.substring(span.start())).startsWith(span.text());
      assertThat(span.text().length()).isBetween(1, 200);
      assertThat(span.text()).isNotBlank();
      for (int i = 0; i < span.text().length(); i++) {
        covered[span.start() + i] = true;
      }
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean space = Character.isWhitespace(c) || Character.isSpaceChar(c);
      assertThat(covered[i] || space).as("character %d", i).isTrue();
    }
  }
}
