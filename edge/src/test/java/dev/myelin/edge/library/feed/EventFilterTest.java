package dev.myelin.edge.library.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.edge.rest.json.JsonFailure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {

  @Test
  void wantsAllThatNeedNotBeNamedIfNothingIsSaid() {
    EventFilter filter = EventFilter.of(List.of(), "events");

    assertThat(filter.wants("document.added")).isTrue();
    assertThat(filter.wants("memory.added")).isFalse();
    assertThat(filter.wants("chunk.added")).isFalse();
    EventFilter all = EventFilter.of(List.of("*"), "events");
    assertThat(all.wants("memory.added")).isFalse();
    assertThat(all.wants("chunk.deleted")).isFalse();
  }

  @Test
  void wantsGroupsAndNames() {
    EventFilter filter =
        EventFilter.of(List.of("document.*", " memory.added ", "chunk.added"), "events");

    assertThat(filter.wants("document.updated")).isTrue();
    assertThat(filter.wants("memory.added")).isTrue();
    assertThat(filter.wantsMemories()).isTrue();
    assertThat(filter.wants("chunk.added")).isTrue();
    assertThat(filter.wants("chunk.deleted")).isFalse();
    assertThat(filter.wants("library.updated")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "documents.*", "doc*", "document.addde", "document", "chunk.*"})
  void refusesWhatIsNoName(String name) {
    assertThatThrownBy(() -> EventFilter.of(List.of(name), "events"))
        .isInstanceOfSatisfying(JsonFailure.class, e -> assertThat(e.field()).isEqualTo("events"));
  }
}
