package dev.myelin.journal.rocks;

import dev.myelin.journal.JournalRecord;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.rocks.form.RecordCodec;
import dev.myelin.journal.rocks.form.StreamHead;
import dev.myelin.journal.rocks.form.TableKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one transaction, or one batch of them, changes: the newest state of each key, so that a key
/// changed often is written once. Used by the committer thread only.
final class Changes {
  /// The value of a pair that is deleted here.
  @SuppressWarnings("ArrayRecordComponent")
  record Pair(byte @Nullable [] value) {}

  /// A record and where it is stored. An erased record replaces the one at its key.
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(StreamName stream, byte[] key, JournalRecord record) {}

  // A map that was large once is slow to walk and to clear for ever after.
  private static final int LARGE = 128;

  private Map<StreamName, Optional<StreamHead>> heads = new HashMap<>();
  private final List<Entry> appended = new ArrayList<>();
  private final List<Entry> erased = new ArrayList<>();
  private final List<Long> droppedStreams = new ArrayList<>();
  private Map<TableKey, Pair> pairs = new HashMap<>();
  private final List<TableKey> droppedPrefixes = new ArrayList<>();

  Map<StreamName, Optional<StreamHead>> heads() {
    return heads;
  }

  List<Entry> appended() {
    return appended;
  }

  List<Entry> erased() {
    return erased;
  }

  /// Ids of streams whose records go.
  List<Long> droppedStreams() {
    return droppedStreams;
  }

  Map<TableKey, Pair> pairs() {
    return pairs;
  }

  /// Prefixes of pairs that were dropped before [#pairs()] were changed.
  List<TableKey> droppedPrefixes() {
    return droppedPrefixes;
  }

  boolean isEmpty() {
    return heads.isEmpty() && erased.isEmpty() && pairs.isEmpty() && droppedPrefixes.isEmpty();
  }

  /// Whether payloads that were stored are to go.
  boolean leavesGarbage() {
    return !erased.isEmpty() || !droppedStreams.isEmpty();
  }

  /// The pair as changed here, or null if it is untouched.
  @Nullable Pair pair(TableKey key) {
    Pair pair = pairs.get(key);
    if (pair != null) {
      return pair;
    }
    for (TableKey prefix : droppedPrefixes) {
      if (key.startsWith(prefix)) {
        return new Pair(null);
      }
    }
    return null;
  }

  void dropPrefix(TableKey prefix) {
    pairs.keySet().removeIf(key -> key.startsWith(prefix));
    droppedPrefixes.add(prefix);
  }

  /// The record at a key if it was appended or erased here.
  @Nullable Entry entry(long streamId, long offset) {
    byte[] key = RecordCodec.key(streamId, offset);
    Entry entry = find(erased, key);
    return entry != null ? entry : find(appended, key);
  }

  private static @Nullable Entry find(List<Entry> entries, byte[] key) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (Arrays.equals(entries.get(i).key(), key)) {
        return entries.get(i);
      }
    }
    return null;
  }

  /// Adds changes that were made after these.
  void add(Changes later) {
    heads.putAll(later.heads);
    appended.addAll(later.appended);
    erased.addAll(later.erased);
    droppedStreams.addAll(later.droppedStreams);
    later.droppedPrefixes.forEach(this::dropPrefix);
    pairs.putAll(later.pairs);
  }

  void clear() {
    heads = emptied(heads);
    appended.clear();
    erased.clear();
    droppedStreams.clear();
    pairs = emptied(pairs);
    droppedPrefixes.clear();
  }

  private static <K, V> Map<K, V> emptied(Map<K, V> map) {
    if (map.size() > LARGE) {
      return new HashMap<>();
    }
    map.clear();
    return map;
  }
}
