package dev.myelin.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.myelin.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// An engine that a test has opened on a folder of its own, and what is done with it often.
public abstract class JournalFixture {
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
}
