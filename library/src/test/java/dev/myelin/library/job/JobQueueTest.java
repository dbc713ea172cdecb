package dev.myelin.library.job;

import static dev.myelin.library.job.JobServiceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.job.JobConfig.Queue;
import dev.myelin.library.job.JobQueue.Entry;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which job is next.
final class JobQueueTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final JobQueue queue = new JobQueue(new Queue(4, 3, 100, 1_000), 2);

  private static Entry entry(String id, String tenant, String library) {
    return new Entry(id, new SpaceId(tenant, library), 10, Instant.EPOCH);
  }

  private void add(Entry entry) {
    queue.reserve(entry.tenant(), entry.bytes());
    queue.take(entry);
  }

  private @Nullable String next() {
    Entry next = queue.next(NOW);
    return next == null ? null : next.id();
  }

  @Test
  void oneLibraryHasOneJobAtATimeInOrder() {
    add(entry("1", "one", "aaa"));
    add(entry("2", "one", "aaa"));
    add(entry("3", "one", "bbb"));
    assertThat(next()).isEqualTo("1");
    assertThat(next()).isEqualTo("3");
    assertThat(next()).isNull();
    queue.end("3");
    assertThat(next()).isNull();
    queue.end("1");
    assertThat(next()).isEqualTo("2");
  }

  @Test
  void aTenantWithManyJobsLeavesRoomForOthers() {
    add(entry("1", "one", "aaa"));
    add(entry("2", "one", "bbb"));
    add(entry("3", "two", "aaa"));
    assertThat(next()).isEqualTo("1");
    assertThat(next()).isEqualTo("3");
  }

  @Test
  void aJobThatWaitsToBeTriedAgainHoldsBackThoseBehindIt() {
    Entry first = entry("1", "one", "aaa");
    add(first);
    add(entry("2", "one", "aaa"));
    assertThat(next()).isEqualTo("1");
    queue.postpone(first, NOW.plusSeconds(1));
    assertThat(next()).isNull();
    assertThat(queue.next(NOW.plusSeconds(1))).isEqualTo(first.notBefore(NOW.plusSeconds(1)));
  }

  @Test
  void countsWhatWaitsAndWhatItWasGiven() {
    for (int i = 0; i < 3; i++) {
      add(entry("1" + i, "one", "aaa"));
    }
    assertRefused(() -> queue.reserve("one", 1), ErrorCode.OVERLOADED, "as many jobs");
    assertRefused(() -> queue.reserve("two", 971), ErrorCode.OVERLOADED, "hold as much");
    queue.reserve("two", 970);
    assertRefused(() -> queue.reserve("two", 0), ErrorCode.OVERLOADED, "as many jobs");
    queue.release("two", 970);
    assertThat(queue.withdraw("11")).isTrue();
    assertThat(queue.withdraw("11")).isFalse();
    queue.reserve("one", 980);
    assertThat(queue.waiting()).isEqualTo(2);
  }

  @Test
  void takesAJobOnceHoweverOftenItIsAdded() {
    Entry entry = entry("1", "one", "aaa");
    add(entry);
    queue.add(entry);
    assertThat(next()).isEqualTo("1");
    queue.add(entry);
    assertThat(next()).isNull();
    assertThat(queue.entries()).containsExactly(entry);
  }

  @Test
  void givesNothingOnceClosed() throws InterruptedException {
    add(entry("1", "one", "aaa"));
    Entry running = queue.next(NOW);
    assertThat(running).isNotNull();
    add(entry("2", "one", "bbb"));
    queue.close();
    assertThat(next()).isNull();
    assertRefused(() -> queue.reserve("one", 1), ErrorCode.SHUTTING_DOWN, "shutting down");
    assertThat(queue.awaitIdle(Duration.ofMillis(1))).isFalse();
    queue.leave(running);
    assertThat(queue.awaitIdle(Duration.ofMillis(1))).isTrue();
  }
}
