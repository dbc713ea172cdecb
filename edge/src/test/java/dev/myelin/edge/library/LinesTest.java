package dev.myelin.edge.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

  private static List<String> read(String text, int maxBytes) {
    Lines lines =
        new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), maxBytes);
    List<String> all = new ArrayList<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      all.add(lines.wasTooLong() ? "too long" : new String(line, StandardCharsets.UTF_8));
    }
    return all;
  }

  @Test
  void readsEachLine() {
    assertThat(read("a\n\nbc\n", 10)).containsExactly("a", "", "bc");
    assertThat(read("a\nbc", 10)).containsExactly("a", "bc");
    assertThat(read("", 10)).isEmpty();
    assertThat(read("\n", 10)).containsExactly("");
  }

  @Test
  void readsLinesAcrossBuffers() {
    String line = "x".repeat(40_000);

    assertThat(read(line + "\nb\n" + line, 100_000)).containsExactly(line, "b", line);
  }

  @Test
  void passesOverLinesThatAreTooLong() {
    String line = "x".repeat(40_000);

    assertThat(read("a\n" + line + "\nb\n", 10_000)).containsExactly("a", "too long", "b");
    assertThat(read("12345678901\nb", 10)).containsExactly("too long", "b");
  }
}
