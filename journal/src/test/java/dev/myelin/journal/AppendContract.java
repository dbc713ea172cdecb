package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every engine does with streams: append, read, page.
public abstract class AppendContract extends JournalFixture {
  @Test
  void givesDenseOffsetsFromOnePerStream() {
    List<Long> offsets = new ArrayList<>();
    Change.of(
            batch -> {
              offsets.add(batch.append(STREAM, KIND, bytes("a")));
              offsets.add(batch.append(OTHER, KIND, bytes("b")));
              offsets.add(batch.append(STREAM, KIND, bytes("c")));
            })
        .submitTo(journal)
        .join();
    append(STREAM, "d");

    assertThat(offsets).containsExactly(1L, 1L, 2L);
    assertThat(payloads(STREAM)).containsExactly("a", "c", "d");
    assertThat(payloads(OTHER)).containsExactly("b");
    assertThat(journal.end(STREAM).orElseThrow().lastOffset()).isEqualTo(3);
  }

  @Test
  void storesKindTimeAndPayload() {
    Instant time = Instant.parse("2026-03-04T05:06:07.123456Z");
    clock.set(time.plusNanos(789));
    AtomicReference<Instant> seen = new AtomicReference<>();
    Change.of(
            batch -> {
              seen.set(batch.time());
              batch.append(STREAM, (byte) -3, new byte[] {0, -1, 2});
            })
        .submitTo(journal)
        .join();

    JournalRecord record = journal.read(STREAM, 1);
    assertThat(record).isNotNull();
    assertThat(record.offset()).isEqualTo(1);
    assertThat(record.kind()).isEqualTo((byte) -3);
    assertThat(record.committedAt()).isEqualTo(time).isEqualTo(seen.get());
    assertThat(record.payload()).containsExactly(0, -1, 2);
    assertThat(record.erased()).isFalse();
  }

  @Test
  void keepsTimesBefore1970AndEmptyPayloads() {
    clock.set(Instant.parse("1914-01-01T00:00:00.000001Z"));
    append(STREAM, "");

    JournalRecord record = journal.read(STREAM, 1);
    assertThat(record).isNotNull();
    assertThat(record.committedAt()).isEqualTo(clock.instant());
    assertThat(record.payload()).isEmpty();
    assertThat(record.erased()).isFalse();
  }

  @Test
  void knowsNothingOfWhatWasNeverWritten() {
    append(STREAM, "a");

    assertThat(journal.end(OTHER)).isEmpty();
    assertThat(journal.read(OTHER, 1)).isNull();
    assertThat(journal.read(STREAM, 0)).isNull();
    assertThat(journal.read(STREAM, 2)).isNull();
    assertThat(journal.get(TABLE, bytes("k"))).isNull();
    Page page = journal.read(OTHER, 1, PageLimit.DEFAULT);
    assertThat(page.records()).isEmpty();
    assertThat(page.isLast()).isTrue();
    assertThat(pairs(TABLE, "")).isEmpty();
  }

  @Test
  void boundsPagesInRecordsAndBytes() {
    append(STREAM, "aaaa", "bbbb", "cccc", "dddddddddddd", "e");

    Page byRecords = journal.read(STREAM, 1, new PageLimit(2, 1_000));
    assertThat(byRecords.records()).hasSize(2);
    assertThat(byRecords.next()).isEqualTo(3);
    assertThat(byRecords.end()).isEqualTo(5);
    assertThat(byRecords.isLast()).isFalse();

    Page byBytes = journal.read(STREAM, 1, new PageLimit(100, 8));
    assertThat(byBytes.records()).hasSize(2);

    Page atLeastOne = journal.read(STREAM, 4, new PageLimit(100, 8));
    assertThat(atLeastOne.records()).hasSize(1);
    assertThat(atLeastOne.next()).isEqualTo(5);

    Page last = journal.read(STREAM, 5, PageLimit.DEFAULT);
    assertThat(last.records()).hasSize(1);
    assertThat(last.isLast()).isTrue();

    Page pastTheEnd = journal.read(STREAM, 6, PageLimit.DEFAULT);
    assertThat(pastTheEnd.records()).isEmpty();
    assertThat(pastTheEnd.next()).isEqualTo(6);
    assertThat(pastTheEnd.isLast()).isTrue();
  }

  @Test
  void refusesToReadFromBeforeTheFirstOffset() {
    assertThatThrownBy(() -> journal.read(STREAM, 0, PageLimit.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from: 0");
  }

  @Test
  void givesAllOfABatchOneTime() {
    List<Instant> times = new ArrayList<>();
    Change first =
        Change.of(batch -> {
          times.add(batch.time());
          clock.advance(Duration.ofSeconds(1));
          batch.append(STREAM, KIND, bytes("a"));
        });
    Change second =
        Change.of(batch -> {
          times.add(batch.time());
          batch.append(STREAM, KIND, bytes("b"));
        });
    inOneBatch(first, second);
    second.join();

    assertThat(times.get(1)).isEqualTo(times.get(0));
  }

  @Test
  void servesThousandsOfStreams() {
    int streams = 3_000;
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      StreamName stream = new StreamName("space/many/" + i);
      byte[] payload = bytes("first of " + i);
      changes.add(
          Change.of(
                  batch -> {
                    batch.append(stream, KIND, payload);
                    batch.append(stream, KIND, payload);
                  })
              .submitTo(journal));
    }
    changes.forEach(Change::join);
    reopen();

    for (int i = 0; i < streams; i++) {
      StreamName stream = new StreamName("space/many/" + i);
      assertThat(journal.end(stream).orElseThrow().lastOffset()).isEqualTo(2);
      assertThat(payloads(stream)).containsOnly("first of " + i);
    }
    long epochs =
        IntStream.range(0, streams)
            .mapToObj(i -> journal.end(new StreamName("space/many/" + i)).orElseThrow().epoch())
            .distinct()
            .count();
    assertThat(epochs).isEqualTo(streams);
  }

  @Test
  void keepsLargePayloads() {
    byte[] large = new byte[3 * 1024 * 1024 + 17];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    Change.of(
            batch -> {
              batch.append(STREAM, KIND, large);
              batch.append(STREAM, KIND, bytes("small"));
            })
        .submitTo(journal)
        .join();
    reopen();

    JournalRecord record = journal.read(STREAM, 1);
    assertThat(record).isNotNull();
    assertThat(record.payload()).isEqualTo(large);
    assertThat(journal.read(STREAM, 1, new PageLimit(10, 1_000)).records()).hasSize(1);
  }

  @Test
  void namesEpochsInPlainCharacters() {
    append(STREAM, "a");
    String epoch = journal.end(STREAM).orElseThrow().epoch();
    assertThat(HexFormat.of().parseHex(epoch)).hasSize(16);
  }
}
