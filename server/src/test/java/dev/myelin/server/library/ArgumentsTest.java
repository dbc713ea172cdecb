package dev.myelin.server.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.library.model.Filter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/// What the commands about libraries read from the command line, and make of paths.
class ArgumentsTest {
  private final FilterArgument argument = new FilterArgument();

  @Test
  void conditionsAreReadAsTheyAreWritten() {
    assertThat(argument.convert("author=Kim Lee")).isEqualTo(Filter.eq("author", "Kim Lee"));
    assertThat(argument.convert("year>=2020")).isEqualTo(Filter.gte("year", "2020"));
    assertThat(argument.convert("year<2020")).isEqualTo(Filter.lt("year", "2020"));
    assertThat(argument.convert("a!=b=c")).isEqualTo(Filter.ne("a", "b=c"));
    assertThat(argument.convert("tags~pets")).isEqualTo(Filter.contains("tags", "pets"));
    assertThat(argument.convert("a>")).isEqualTo(Filter.gt("a", ""));
    assertThat(argument.convert("a<=1")).isEqualTo(Filter.lte("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "author", "=x", "a b=c"})
  void whatIsNoConditionIsRefused(String text) {
    assertThatThrownBy(() -> argument.convert(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void aPathAlwaysLeadsToTheSameIdAndNoOtherPathDoes() {
    assertThat(PathIds.of(Path.of("docs/./a.md"))).isEqualTo("docs:a.md");
    assertThat(PathIds.of(Path.of("docs/ä.md"))).matches("docs:-\\.md-[0-9a-f]{16}");
    assertThat(PathIds.of(Path.of("docs/ä.md"))).isNotEqualTo(PathIds.of(Path.of("docs/ö.md")));
    assertThat(PathIds.of(Path.of("docs:a.md"))).isNotEqualTo("docs:a.md");
    assertThat(PathIds.of(Path.of("/docs/a.md"))).isNotEqualTo("docs:a.md");
    assertThat(PathIds.of(Path.of("x".repeat(300)))).hasSize(128);
  }
}
