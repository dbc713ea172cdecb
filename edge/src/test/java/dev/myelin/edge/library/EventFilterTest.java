package dev.myelin.edge.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.edge.rest.json.JsonFailure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {

  @Test
  void wantsAllButStreamedMemoriesIfNothingIsSaid() {
    EventFilter filter = EventFilter.of(List.of(), "events");

    assertThat(filter.wants("document.added")).isTrue();
    assertThat(filter.wants("memory.added")).isFalse();
    assertThat(EventFilter.of(List.of("*"), "events").wants("memory.added")).isFalse();
  }

  @Test
  void wantsGroupsAndNames() {
    EventFilter filter = EventFilter.of(List.of("document.*", " memory.added "), "events");

    assertThat(filter.wants("document.updated")).isTrue();
    assertThat(filter.wants("memory.added")).isTrue();
    assertThat(filter.wantsMemories()).isTrue();
    assertThat(filter.wants("library.updated")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "documents.*", "doc*", "document.addde", "document"})
  void refusesWhatIsNoName(String name) {
    assertThatThrownBy(() -> EventFilter.of(List.of(name), "events"))
        .isInstanceOfSatisfying(JsonFailure.class, e -> assertThat(e.field()).isEqualTo("events"));
  }
}
