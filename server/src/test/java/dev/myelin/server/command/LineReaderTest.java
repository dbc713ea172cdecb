package dev.myelin.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static LineReader reader(String text) {
    return new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> all(LineReader reader) throws IOException, BadLine {
    List<String> lines = new ArrayList<>();
    String line = reader.next();
    while (line != null) {
      lines.add(line);
      line = reader.next();
    }
    return lines;
  }

  @Test
  void linesMayEndInOneWayOrAnotherOrNotAtAll() throws IOException, BadLine {
    assertThat(all(reader("a\r\n\nbär\nlast"))).containsExactly("a", "", "bär", "last");
  }

  @Test
  void aLineMayBeLongerThanTheBuffer() throws IOException, BadLine {
    String longLine = "x".repeat(300_000);

    assertThat(all(reader("first\n" + longLine + "\nlast\n")))
        .containsExactly("first", longLine, "last");
  }

  @Test
  void aLineBeyondTheBoundIsBadAndTheNextOneIsFine() throws IOException, BadLine {
    LineReader reader = reader("x".repeat(3 * LineReader.MAX_LINE_BYTES) + "\nnext\n");

    assertThatThrownBy(reader::next).isInstanceOf(BadLine.class).hasMessageContaining("longer");
    assertThat(reader.next()).isEqualTo("next");
    assertThat(reader.number()).isEqualTo(2);
    assertThat(reader.next()).isNull();
  }

  @Test
  void whatIsNoUtf8IsBadAndTheNextLineIsFine() throws IOException, BadLine {
    LineReader reader =
        new LineReader(new ByteArrayInputStream(new byte[] {(byte) 0xC3, '\n', 'o', 'k'}));

    assertThatThrownBy(reader::next).isInstanceOf(BadLine.class).hasMessage("not UTF-8");
    assertThat(reader.next()).isEqualTo("ok");
  }
}
