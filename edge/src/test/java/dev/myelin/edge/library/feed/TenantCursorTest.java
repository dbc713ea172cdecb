package dev.myelin.edge.library.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.edge.rest.RestException;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantCursorTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000006Z");

  private static LibraryEvent event(String library, long offset, Instant at) {
    return new LibraryEvent(
        SpaceId.parse(library), offset, 0, "id", "document.added", Map.of(), at);
  }

  @Test
  void knowsWhatComesAfterIt() {
    TenantCursor cursor =
        TenantCursor.BEGINNING
            .after(event("one", 5, TIME.minusSeconds(1)))
            .after(event("one", 7, TIME))
            .after(event("two", 3, TIME));
    TenantCursor read = TenantCursor.parse(cursor.toString());

    assertThat(read).isEqualTo(cursor);
    assertThat(read.isBefore(event("one", 7, TIME))).isFalse();
    assertThat(read.isBefore(event("one", 8, TIME))).isTrue();
    assertThat(read.isBefore(event("three", 1, TIME))).isTrue();
    assertThat(read.isBefore(event("three", 1, TIME.minusNanos(1)))).isFalse();
    assertThat(read.isBefore(event("one", 1, TIME.plusNanos(1)))).isTrue();
  }

  @Test
  void beginsWithEverything() {
    assertThat(TenantCursor.parse("0").isBefore(event("one", 1, TIME))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "a.b", "1.2,", "1.2,one", "1.2,one:x", "99999999999999999999.1"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> TenantCursor.parse(text)).isInstanceOf(RestException.class);
  }
}
