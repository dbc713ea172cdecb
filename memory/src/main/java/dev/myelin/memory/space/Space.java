package dev.myelin.memory.space;

import dev.myelin.journal.StreamName;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One space as the process knows it: small while it is closed, with a tail while it is open.
///
/// **Publishing.** The committer publishes every record of the space under this object's lock: to
/// the tail if it is open, to a waiting line of bounded length while it is being opened, to nowhere
/// while it is closed, as opening replays the journal anyway.
public final class Space {
  private static final int MAX_PENDING = 4_096;
  private static final int UNREAD_BEFORE_OPENING = 4_096;

  private final SpaceId id;
  private final StreamName stream;
  private final byte[] key;

  private volatile @Nullable SpaceRow row;

  // Written by the committer thread.
  private volatile boolean dropped;

  private final Object publishing = new Object();
  private volatile @Nullable OpenSpace open;
  // Guarded by `publishing`; not null while the space is being opened.
  private @Nullable ArrayDeque<Publication> pending;
  // Guarded by `publishing`.
  private long unread;

  private final Object rebuilding = new Object();

  Space(SpaceId id) {
    this.id = id;
    stream = StreamName.of(id);
    key = SpaceTables.key(id);
  }

  /// The lock of who rebuilds its index.
  Object rebuilding() {
    return rebuilding;
  }

  public SpaceId id() {
    return id;
  }

  public StreamName stream() {
    return stream;
  }

  /// What its keys in the journal's tables begin with; not to be changed.
  public byte[] key() {
    return key;
  }

  /// Its committed row, or empty while it has none.
  public Optional<SpaceRow> row() {
    return Optional.ofNullable(row);
  }

  /// Of its embeddings; 0 while that is not settled.
  public int dimension() {
    SpaceRow known = row;
    return known == null ? 0 : known.dimension();
  }

  /// Says that an embedding does not fit.
  public ServiceException wrongDimension(int expected, int received) {
    return new ServiceException(
        ErrorCode.DIMENSION_MISMATCH,
        "Invalid embedding: it has "
            + received
            + " values, but memory space "
            + id
            + " has embeddings of "
            + expected
            + ". Send embeddings of that length, or use another space.");
  }

  /// Whether it is gone, or goes with the write under way: nothing may be written to it any more.
  public boolean isDropped() {
    return dropped;
  }

  /// It goes, or stays after all. On the committer thread.
  public void drop(boolean gone) {
    dropped = gone;
  }

  /// Takes note of a committed row.
  public void settle(SpaceRow committed) {
    row = committed;
  }

  /// Makes a committed record visible. On the committer thread, in order of offset.
  ///
  /// @return whether the space is due: for indexing if it is open, for opening if it is not
  public boolean publish(Publication publication) {
    synchronized (publishing) {
      OpenSpace now = open;
      if (now != null) {
        return now.publish(publication);
      }
      if (pending != null) {
        if (pending.size() == MAX_PENDING) {
          // The opener reads them from the journal instead.
          pending.clear();
        }
        pending.add(publication);
        return false;
      }
      unread++;
      return unread % UNREAD_BEFORE_OPENING == 0;
    }
  }

  @Nullable OpenSpace open() {
    return open;
  }

  /// Starts to keep what is published, for [#join(OpenSpace)].
  void beginOpening() {
    synchronized (publishing) {
      pending = new ArrayDeque<>();
    }
  }

  /// Publishes to this tail from now on, if it has everything that is not waiting in line.
  ///
  /// @return false if records between are missing: the caller reads on in the journal and tries
  ///   again
  boolean join(OpenSpace loaded) {
    synchronized (publishing) {
      ArrayDeque<Publication> line = pending == null ? new ArrayDeque<>() : pending;
      while (!line.isEmpty() && line.peekFirst().offset() <= loaded.tail().watermark()) {
        line.removeFirst();
      }
      if (!line.isEmpty() && line.peekFirst().offset() != loaded.tail().watermark() + 1) {
        return false;
      }
      line.forEach(loaded::publish);
      pending = null;
      unread = 0;
      open = loaded;
      return true;
    }
  }

  /// Makes all that was published so far ready to be indexed.
  void seal(OpenSpace opened) {
    synchronized (publishing) {
      opened.tail().seal();
    }
  }

  /// Drops from the tail what the index covers.
  void handedOver(OpenSpace opened, long covered) {
    synchronized (publishing) {
      opened.tail().drop(covered);
    }
  }

  /// Publishes to nowhere from now on.
  void closed(OpenSpace opened) {
    synchronized (publishing) {
      open = null;
      opened.tail().close();
    }
  }

  void abandonOpening() {
    synchronized (publishing) {
      pending = null;
    }
  }
}
