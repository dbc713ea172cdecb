package dev.myelin.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every engine of the journal does.
public abstract class JournalContract {
  protected static final StreamName STREAM = new StreamName("space/acme/notes");
  protected static final StreamName OTHER = new StreamName("space/acme/other");
  protected static final Table TABLE = new Table("floors");
  protected static final Table OTHER_TABLE = new Table("ids");
  protected static final byte KIND = 7;

  protected final ManualClock clock = new ManualClock();

  @TempDir protected Path temporary;

  protected Journal journal;

  /// Opens the engine on a folder.
  protected abstract Journal open(Path folder);

  @BeforeEach
  void openJournal() {
    journal = open(temporary.resolve("journal"));
  }

  @AfterEach
  void closeJournal() {
    journal.close();
  }

  protected void reopen() {
    journal.close();
    journal = open(temporary.resolve("journal"));
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  protected static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  protected void append(StreamName stream, String... payloads) {
    for (String payload : payloads) {
      Change.of(batch -> batch.append(stream, KIND, bytes(payload))).submitTo(journal).join();
    }
  }

  protected List<String> payloads(StreamName stream) {
    List<String> payloads = new ArrayList<>();
    long from = 1;
    while (true) {
      Page page = journal.read(stream, from, new PageLimit(3, 1_000_000));
      page.records().forEach(record -> payloads.add(text(record.payload())));
      if (page.isLast()) {
        return payloads;
      }
      from = page.next();
    }
  }

  protected Map<String, String> pairs(Table table, String prefix) {
    Map<String, String> pairs = new TreeMap<>();
    journal.scan(table, bytes(prefix), (key, value) -> pairs.put(text(key), text(value)) == null);
    return pairs;
  }

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
  void keepsEverythingWhenClosedAndOpened() {
    append(STREAM, "a", "b");
    Change.of(batch -> batch.put(TABLE, bytes("k"), bytes("v"))).submitTo(journal).join();
    StreamEnd before = journal.end(STREAM).orElseThrow();

    reopen();
    append(STREAM, "c");

    assertThat(payloads(STREAM)).containsExactly("a", "b", "c");
    assertThat(text(journal.get(TABLE, bytes("k")))).isEqualTo("v");
    assertThat(journal.end(STREAM)).contains(new StreamEnd(before.epoch(), 3));
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
  void undoesOnlyTheTransactionThatRefuses() {
    Change before = Change.of(batch -> batch.append(STREAM, KIND, bytes("before")));
    Change refusing =
        Change.of(batch -> {
          batch.append(STREAM, KIND, bytes("never"));
          batch.append(OTHER, KIND, bytes("never"));
          batch.put(TABLE, bytes("k"), bytes("never"));
          batch.deleteAll(OTHER_TABLE, bytes(""));
          throw new ServiceException(ErrorCode.TOO_MANY_SPACES, "no room");
        });
    AtomicInteger seen = new AtomicInteger();
    Change after =
        Change.of(batch -> {
          seen.set((int) batch.lastOffset(STREAM));
          batch.append(STREAM, KIND, bytes("after"));
        });
    Change.of(batch -> batch.put(OTHER_TABLE, bytes("k"), bytes("kept"))).submitTo(journal).join();
    inOneBatch(before, refusing, after);

    before.join();
    assertThat(refusing.failure().code()).isEqualTo(ErrorCode.TOO_MANY_SPACES);
    assertThat(refusing.failure().text()).isEqualTo("no room");
    after.join();
    assertThat(seen).hasValue(1);
    assertThat(payloads(STREAM)).containsExactly("before", "after");
    assertThat(journal.end(OTHER)).isEmpty();
    assertThat(journal.get(TABLE, bytes("k"))).isNull();
    assertThat(text(journal.get(OTHER_TABLE, bytes("k")))).isEqualTo("kept");
  }

  @Test
  void undoesATransactionWithABugAndGoesOn() {
    Change buggy =
        Change.of(batch -> {
          batch.append(STREAM, KIND, bytes("never"));
          throw new IllegalStateException("secret detail");
        });
    Change after = Change.of(batch -> batch.append(STREAM, KIND, bytes("after")));
    inOneBatch(buggy, after);

    assertThat(buggy.failure().code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(buggy.failure().text()).doesNotContain("secret");
    after.join();
    assertThat(payloads(STREAM)).containsExactly("after");
  }

  @Test
  void goesOnAfterAnOutcomeThatThrows() {
    journal.submit(
        Lane.NORMAL,
        new Transaction() {
          @Override
          public int sizeInBytes() {
            return 1;
          }

          @Override
          public void run(Batch batch) {
            batch.append(STREAM, KIND, bytes("a"));
          }

          @Override
          public void committed() {
            throw new IllegalStateException("thrown by a test");
          }

          @Override
          public void failed(ServiceException reason) {
            throw reason;
          }
        });
    append(STREAM, "b");

    assertThat(payloads(STREAM)).containsExactly("a", "b");
  }

  @Test
  void showsATransactionEarlierOnesAndItsOwnChanges() {
    List<@Nullable String> seen = new ArrayList<>();
    Change first =
        Change.of(batch -> {
          batch.put(TABLE, bytes("k"), bytes("1"));
          seen.add(text(batch.get(TABLE, bytes("k"))));
        });
    Change second =
        Change.of(batch -> {
          seen.add(text(batch.get(TABLE, bytes("k"))));
          batch.delete(TABLE, bytes("k"));
          seen.add(text(batch.get(TABLE, bytes("k"))));
        });
    Change third =
        Change.of(batch -> {
          seen.add(text(batch.get(TABLE, bytes("k"))));
          batch.put(TABLE, bytes("k"), bytes("3"));
        });
    inOneBatch(first, second, third);
    third.join();

    assertThat(seen).containsExactly("1", "1", null, null);
    assertThat(text(journal.get(TABLE, bytes("k")))).isEqualTo("3");
  }

  @Test
  void deletesAllPairsOfAPrefixAndNoOthers() {
    Change.of(
            batch -> {
              for (String key : List.of("a", "s1", "s1/1", "s1/2", "s2", "t")) {
                batch.put(TABLE, bytes(key), bytes("v"));
                batch.put(OTHER_TABLE, bytes(key), bytes("v"));
              }
              batch.put(TABLE, new byte[] {(byte) 0xff}, bytes("v"));
              batch.put(TABLE, new byte[] {(byte) 0xff, 1}, bytes("v"));
            })
        .submitTo(journal)
        .join();
    List<@Nullable String> seen = new ArrayList<>();
    Change within =
        Change.of(batch -> {
          batch.put(TABLE, bytes("s1/3"), bytes("v"));
          batch.deleteAll(TABLE, bytes("s1"));
          seen.add(text(batch.get(TABLE, bytes("s1/1"))));
          seen.add(text(batch.get(TABLE, bytes("s1/3"))));
          batch.put(TABLE, bytes("s1/4"), bytes("new"));
          batch.deleteAll(TABLE, new byte[] {(byte) 0xff});
        });
    Change later =
        Change.of(batch -> {
          seen.add(text(batch.get(TABLE, bytes("s1/2"))));
          seen.add(text(batch.get(TABLE, bytes("s1/4"))));
        });
    inOneBatch(within, later);
    later.join();

    assertThat(seen).containsExactly(null, null, null, "new");
    assertThat(pairs(TABLE, "").keySet()).containsExactly("a", "s1/4", "s2", "t");
    assertThat(pairs(OTHER_TABLE, "").keySet())
        .containsExactly("a", "s1", "s1/1", "s1/2", "s2", "t");
  }

  @Test
  void scansAPrefixInOrderOfKeyUntilTold() {
    Change.of(
            batch -> {
              for (int i = 0; i < 10; i++) {
                batch.put(TABLE, bytes("k" + i), bytes("v" + i));
              }
              batch.put(TABLE, bytes("j"), bytes("v"));
              batch.put(TABLE, bytes("l"), bytes("v"));
              batch.put(OTHER_TABLE, bytes("k"), bytes("v"));
            })
        .submitTo(journal)
        .join();

    List<String> keys = new ArrayList<>();
    journal.scan(
        TABLE,
        bytes("k"),
        (key, value) -> {
          keys.add(text(key));
          return keys.size() < 4;
        });

    assertThat(keys).containsExactly("k0", "k1", "k2", "k3");
    assertThat(pairs(TABLE, "k")).hasSize(10);
    assertThat(pairs(OTHER_TABLE, "")).hasSize(1);
  }

  @Test
  void scansAPrefixFromAKeyOn() {
    Change.of(
            batch -> {
              for (String key : List.of("j", "k1", "k3", "k5", "l")) {
                batch.put(TABLE, bytes(key), bytes("v"));
              }
            })
        .submitTo(journal)
        .join();

    assertThat(keysFrom("k", "k3")).containsExactly("k3", "k5");
    assertThat(keysFrom("k", "k4")).containsExactly("k5");
    assertThat(keysFrom("k", "k")).containsExactly("k1", "k3", "k5");
    assertThat(keysFrom("k", "a")).containsExactly("k1", "k3", "k5");
    assertThat(keysFrom("k", "k9")).isEmpty();
    assertThat(keysFrom("k", "l")).isEmpty();
  }

  private List<String> keysFrom(String prefix, String from) {
    List<String> keys = new ArrayList<>();
    journal.scan(TABLE, bytes(prefix), bytes(from), (key, _) -> keys.add(text(key)));
    return keys;
  }

  @Test
  void erasesAPayloadAndKeepsItsPlace() {
    clock.set(Instant.parse("2026-02-02T00:00:00Z"));
    append(STREAM, "a", "secret", "c");
    Instant time = clock.instant();
    clock.advance(Duration.ofHours(1));
    Change.of(batch -> batch.erase(STREAM, 2)).submitTo(journal).join();
    Change.of(batch -> batch.erase(STREAM, 2)).submitTo(journal).join();

    assertErased(time);
    reopen();
    assertErased(time);
    append(STREAM, "d");
    assertThat(payloads(STREAM)).containsExactly("a", "", "c", "d");
  }

  private void assertErased(Instant time) {
    JournalRecord erased = journal.read(STREAM, 2);
    assertThat(erased).isNotNull();
    assertThat(erased.erased()).isTrue();
    assertThat(erased.payload()).isEmpty();
    assertThat(erased.kind()).isEqualTo(KIND);
    assertThat(erased.committedAt()).isEqualTo(time);
    assertThat(journal.read(STREAM, 1, PageLimit.DEFAULT).records().get(1).erased()).isTrue();
  }

  @Test
  void erasesWhatWasAppendedInTheSameBatch() {
    Change append = Change.of(batch -> batch.append(STREAM, KIND, bytes("one")));
    Change erase =
        Change.of(batch -> {
          long offset = batch.append(STREAM, KIND, bytes("two"));
          batch.erase(STREAM, 1);
          batch.erase(STREAM, offset);
        });
    inOneBatch(append, erase);
    erase.join();

    assertThat(payloads(STREAM)).containsExactly("", "");
  }

  @Test
  void refusesToEraseWhatWasNeverWritten() {
    append(STREAM, "a");

    Change erase = Change.of(batch -> batch.erase(STREAM, 2)).submitTo(journal);

    assertThat(erase.failure().code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(payloads(STREAM)).containsExactly("a");
  }

  @Test
  void deletesAStreamAndBeginsItAnewInAnotherEpoch() {
    append(STREAM, "a", "b");
    append(OTHER, "kept");
    String epoch = journal.end(STREAM).orElseThrow().epoch();
    Change.of(batch -> batch.delete(STREAM)).submitTo(journal).join();

    assertThat(journal.end(STREAM)).isEmpty();
    assertThat(journal.read(STREAM, 1)).isNull();
    assertThat(journal.read(STREAM, 1, PageLimit.DEFAULT).records()).isEmpty();

    append(STREAM, "anew");
    assertThat(payloads(STREAM)).containsExactly("anew");
    assertThat(journal.end(STREAM).orElseThrow().lastOffset()).isEqualTo(1);
    assertThat(journal.end(STREAM).orElseThrow().epoch()).isNotEqualTo(epoch);
    assertThat(payloads(OTHER)).containsExactly("kept");
  }

  @Test
  void appendsDeletesAndAppendsWithinOneTransaction() {
    append(STREAM, "old");
    Change.of(
            batch -> {
              batch.append(STREAM, KIND, bytes("gone"));
              batch.delete(STREAM);
              assertThat(batch.lastOffset(STREAM)).isZero();
              batch.append(STREAM, KIND, bytes("new"));
              batch.append(OTHER, KIND, bytes("gone"));
              batch.delete(OTHER);
            })
        .submitTo(journal)
        .join();

    assertThat(payloads(STREAM)).containsExactly("new");
    assertThat(journal.end(OTHER)).isEmpty();
    reopen();
    assertThat(payloads(STREAM)).containsExactly("new");
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
  void forbidsABatchAfterItsTransaction() {
    AtomicReference<Batch> kept = new AtomicReference<>();
    Change.of(kept::set).submitTo(journal).join();

    assertThatThrownBy(() -> kept.get().append(STREAM, KIND, bytes("late")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void saysWhenABatchWasTold() {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    Journal.Subscription second = journal.afterBatches(() -> heard.add("batch"));
    journal.afterBatches(() -> {
      throw new IllegalStateException("a listener's own trouble");
    });
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    journal.submit(Lane.NORMAL, new Told("a", false, heard));
    journal.submit(Lane.NORMAL, new Told("b", true, heard));
    gate.countDown();
    blocker.join();
    append(STREAM, "c"); // is told after the end of the batch before it
    assertThat(heard.subList(0, 3)).containsExactly("a", "b", "batch");

    second.close();
    append(STREAM, "d");
    int before = heard.size();
    append(STREAM, "e");
    assertThat(heard).hasSize(before);
  }

  @Test
  void tellsListenersOfEveryRecordInOrderAfterTheSync() {
    append(STREAM, "before");
    List<String> told = new ArrayList<>();
    Journal.Subscription subscription =
        journal.tail(
            STREAM,
            record -> {
              assertThat(payloads(STREAM)).contains(text(record.payload()));
              told.add(record.offset() + text(record.payload()));
            });
    append(STREAM, "a", "b");
    append(OTHER, "x");
    Change.of(batch -> batch.put(TABLE, bytes("k"), bytes("v"))).submitTo(journal).join();
    assertThat(told).containsExactly("2a", "3b");

    subscription.close();
    append(STREAM, "c");
    assertThat(told).containsExactly("2a", "3b");
  }

  @Test
  void tellsSeveralListenersAlsoAfterOneThatThrows() {
    List<String> told = new ArrayList<>();
    journal.tail(
        STREAM,
        record -> {
          throw new IllegalStateException("thrown by a test");
        });
    Journal.TailListener listener = record -> told.add(text(record.payload()));
    Journal.Subscription first = journal.tail(STREAM, listener);
    journal.tail(STREAM, listener);
    append(STREAM, "a");
    first.close();
    first.close();
    append(STREAM, "b");

    assertThat(told).containsExactly("a", "a", "b");
  }

  @Test
  void tellsOutcomesInTheOrderOfCommit() {
    List<String> told = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    for (int i = 0; i < 50; i++) {
      String name = "n" + i;
      journal.submit(Lane.NORMAL, new Told(name, i % 5 == 3, told));
      changes.add(Change.of(batch -> {}).submitTo(journal));
    }
    gate.countDown();
    blocker.join();
    changes.forEach(Change::join);

    assertThat(told).isEqualTo(IntStream.range(0, 50).mapToObj(i -> "n" + i).toList());
  }

  @Test
  void settlesWhatWasQueuedWhenClosed() {
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    List<Lane> lanes = List.of(Lane.values());
    List<Change> queued = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String payload = "p" + i;
      queued.add(
          Change.of(batch -> batch.append(STREAM, KIND, bytes(payload)))
              .submitTo(journal, lanes.get(i % 3)));
    }
    Thread closing = Thread.ofPlatform().start(journal::close);
    gate.countDown();
    join(closing);

    blocker.join();
    queued.forEach(Change::join);
    assertThatThrownBy(() -> Change.of(batch -> {}).submitTo(journal))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    assertThatThrownBy(() -> journal.end(STREAM))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    journal.close();
    reopen();
    assertThat(payloads(STREAM)).hasSize(20);
  }

  @Test
  void backsUpWhileServingAndGivesTheCopyOtherEpochs() {
    append(STREAM, "a", "b");
    Change.of(batch -> batch.put(TABLE, bytes("k"), bytes("v"))).submitTo(journal).join();
    Path copy = temporary.resolve("copy");
    journal.backup(copy);
    append(STREAM, "c");
    Change.of(batch -> batch.erase(STREAM, 1)).submitTo(journal).join();
    String epoch = journal.end(STREAM).orElseThrow().epoch();

    Journal original = journal;
    String copied;
    try (Journal opened = open(copy)) {
      journal = opened;
      assertThat(payloads(STREAM)).containsExactly("a", "b");
      assertThat(text(opened.get(TABLE, bytes("k")))).isEqualTo("v");
      copied = opened.end(STREAM).orElseThrow().epoch();
      assertThat(copied).isNotEqualTo(epoch);
      append(STREAM, "other");
    }
    try (Journal again = open(copy)) {
      assertThat(again.end(STREAM)).contains(new StreamEnd(copied, 3));
    }
    journal = original;
    assertThat(payloads(STREAM)).containsExactly("", "b", "c");
  }

  @Test
  void refusesToBackUpIntoAFolderThatHoldsSomething() {
    Path copy = temporary.resolve("copy");
    journal.backup(copy);

    assertThatThrownBy(() -> journal.backup(copy))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
              assertThat(refused.text()).contains(copy.toString()).contains("empty");
            });
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
  void refusesANegativeSize() {
    assertThatThrownBy(() -> Change.of(-1, batch -> {}).submitTo(journal))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void tellsHowFullALaneIs() {
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    Change.of(100, batch -> {}).submitTo(journal, Lane.LOW);
    Change last = Change.of(23, batch -> {}).submitTo(journal, Lane.LOW);

    LaneLoad load = journal.load(Lane.LOW);
    assertThat(load.depth()).isEqualTo(2);
    assertThat(load.bytes()).isEqualTo(123);
    assertThat(load.pressure()).isGreaterThan(0);
    assertThat(journal.load(Lane.HIGH).depth()).isZero();

    gate.countDown();
    blocker.join();
    last.join();
    assertThat(journal.load(Lane.LOW).depth()).isZero();
    assertThat(journal.load(Lane.LOW).bytes()).isZero();
  }

  @Test
  void namesEpochsInPlainCharacters() {
    append(STREAM, "a");
    String epoch = journal.end(STREAM).orElseThrow().epoch();
    assertThat(HexFormat.of().parseHex(epoch)).hasSize(16);
  }

  /// Submits while the committer is held, so that all run in one batch.
  protected void inOneBatch(Change... changes) {
    CountDownLatch gate = new CountDownLatch(1);
    Change blocker = blockOn(gate);
    for (Change change : changes) {
      change.submitTo(journal);
    }
    gate.countDown();
    blocker.join();
    for (Change change : changes) {
      change.outcome();
    }
  }

  /// Holds the committer until the gate opens; when this returns it is held, and what is submitted
  /// from then on runs in the same batch.
  protected Change blockOn(CountDownLatch gate) {
    CountDownLatch reached = new CountDownLatch(1);
    Change blocker =
        Change.of(
                batch -> {
                  reached.countDown();
                  await(gate);
                })
            .submitTo(journal, Lane.HIGH);
    await(reached);
    return blocker;
  }

  protected static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the latch never opened");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  protected static void join(Thread thread) {
    try {
      if (!thread.join(Duration.ofSeconds(60))) {
        throw new AssertionError("the thread never ended");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Notes its name when told, also if it refused itself.
  private record Told(String name, boolean refuses, List<String> told) implements Transaction {
    @Override
    public int sizeInBytes() {
      return 1;
    }

    @Override
    public void run(Batch batch) {
      if (refuses) {
        throw new ServiceException(ErrorCode.NOT_FOUND, "refused by a test");
      }
      batch.put(TABLE, bytes(name), bytes("v"));
    }

    @Override
    public void committed() {
      told.add(name);
    }

    @Override
    public void failed(ServiceException reason) {
      told.add(name);
    }
  }
}
