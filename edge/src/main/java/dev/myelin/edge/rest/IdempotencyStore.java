package dev.myelin.edge.rest;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.Lane;
import dev.myelin.journal.Table;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The answers of the last day, in the journal; the oldest go when there are too many. Any thread.
public final class IdempotencyStore {
  static final Table TABLE = new Table("idempotency");
  static final Duration KEPT = Duration.ofHours(24);
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private final Journal journal;
  private final InstantSource clock;
  private final int most;

  /// When each key expires, in that order. Guarded by itself.
  private final Map<String, Long> expiries = new LinkedHashMap<>();

  private IdempotencyStore(Journal journal, InstantSource clock, int most) {
    this.journal = journal;
    this.clock = clock;
    this.most = most;
  }

  /// Reads which keys there are.
  ///
  /// @param most how many are kept
  public static IdempotencyStore open(Journal journal, InstantSource clock, int most) {
    IdempotencyStore store = new IdempotencyStore(journal, clock, most);
    List<Map.Entry<String, Long>> found = new ArrayList<>();
    journal.scan(
        TABLE,
        new byte[0],
        (key, value) -> found.add(Map.entry(text(key), KeptAnswer.expiry(value))));
    found.sort(Comparator.comparingLong(Map.Entry::getValue));
    found.forEach(entry -> store.expiries.put(entry.getKey(), entry.getValue()));
    return store;
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  Optional<KeptAnswer> find(String key) {
    byte[] stored = journal.get(TABLE, bytes(key));
    return stored == null || KeptAnswer.expiry(stored) <= clock.millis()
        ? Optional.empty()
        : Optional.of(KeptAnswer.decode(stored));
  }

  /// Keeps an answer and waits until it is durable; one that is very long is not kept.
  ///
  /// @throws ServiceException if it cannot be written
  void keep(String key, KeptAnswer answer) {
    long expiry = clock.millis() + KEPT.toMillis();
    byte[] stored = answer.encode(expiry);
    if (stored.length > MAX_BYTES) {
      return;
    }
    Keeping keeping = new Keeping(bytes(key), stored, outdated(key, expiry));
    journal.submit(Lane.NORMAL, keeping);
    try {
      keeping.done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ServiceException failure ? failure : e;
    }
  }

  /// Notes a key and gives those that have to go for it.
  private List<byte[]> outdated(String key, long expiry) {
    synchronized (expiries) {
      expiries.remove(key);
      expiries.put(key, expiry);
      List<byte[]> gone = new ArrayList<>();
      var oldest = expiries.entrySet().iterator();
      while (oldest.hasNext()) {
        Map.Entry<String, Long> entry = oldest.next();
        if (expiries.size() <= most && entry.getValue() > clock.millis()) {
          break;
        }
        gone.add(bytes(entry.getKey()));
        oldest.remove();
      }
      return gone;
    }
  }

  /// Writes one answer and drops others.
  private static final class Keeping implements Transaction {
    private final byte[] key;
    private final byte[] stored;
    private final List<byte[]> gone;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Keeping(byte[] key, byte[] stored, List<byte[]> gone) {
      this.key = key;
      this.stored = stored;
      this.gone = gone;
    }

    @Override
    public int sizeInBytes() {
      return key.length + stored.length;
    }

    @Override
    public void run(Batch batch) {
      gone.forEach(old -> batch.delete(TABLE, old));
      batch.put(TABLE, key, stored);
    }

    @Override
    public void committed() {
      done.complete(null);
    }

    @Override
    public void failed(ServiceException reason) {
      done.completeExceptionally(reason);
    }
  }
}
