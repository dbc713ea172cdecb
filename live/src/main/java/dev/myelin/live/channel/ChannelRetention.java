package dev.myelin.live.channel;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Lets go of what is too old: events, what is left of deleted channels, commands. Looks only at
/// channels that have something old. Blocks.
final class ChannelRetention {
  /// How many channels are looked up at once, and how many events go in one write.
  private static final int STEP = 1_000;

  private static final int WRITE_BYTES = 64 * 1024;

  private final ChannelConfig config;
  private final Journal journal;
  private final Epochs epochs;
  private final InstantSource clock;

  /// Events of one channel that are to go.
  ///
  /// @param floor the offset of the last of them
  /// @param due when to look again: the next event is not older
  private record Going(long nonce, long floor, long due) {}

  ChannelRetention(ChannelConfig config, Journal journal, Epochs epochs, InstantSource clock) {
    this.config = config;
    this.journal = journal;
    this.epochs = epochs;
    this.clock = clock;
  }

  void trim() {
    long now = clock.millis();
    long oldest = now - config.maxAge().toMillis();
    List<byte[]> due = due(oldest);
    while (!due.isEmpty()) {
      due.forEach(key -> trim(key, oldest));
      due = due(oldest);
    }
    trimCommands(now);
  }

  private List<byte[]> due(long oldest) {
    List<byte[]> due = new ArrayList<>();
    journal.scan(
        ChannelTables.DUE,
        new byte[0],
        (key, _) -> ChannelTables.millis(key) < oldest && due.add(key) && due.size() < STEP);
    return due;
  }

  private void trim(byte[] due, long oldest) {
    Going going = going(ChannelTables.dueChannel(due), oldest);
    long base = epochs.newNonce();
    write(batch -> {
      trim(batch, due, going, base);
      return due.length;
    });
  }

  /// Each run lets go of something, or puts off when it is due: it ends.
  private static void trim(Batch batch, byte[] due, Going going, long base) {
    byte[] key = ChannelTables.dueChannel(due);
    ChannelRow row = ChannelRow.decode(batch.get(ChannelTables.CHANNELS, key));
    batch.delete(ChannelTables.DUE, due.clone());
    if (row == null || row.due() != ChannelTables.millis(due)) {
      return; // it was deleted, or published to after that, meanwhile
    }
    if (row.deleted()) {
      // From now on it is a channel like those that never were; none of those may have its epoch.
      batch.delete(ChannelTables.CHANNELS, key);
      batch.put(ChannelTables.BASE, ChannelTables.BASE_KEY, ChannelTables.number(base));
      return;
    }
    long floor = row.nonce() == going.nonce ? Math.max(row.floor(), going.floor) : row.floor();
    for (long offset = row.floor() + 1; offset <= floor; offset++) {
      batch.delete(ChannelTables.EVENTS, ChannelTables.event(key, offset));
    }
    ChannelRow next = row.trimmed(floor, floor == row.end() ? ChannelRow.NEVER : going.due);
    if (next.isDue()) {
      batch.put(ChannelTables.DUE, ChannelTables.due(next.due(), key), new byte[0]);
    }
    batch.put(ChannelTables.CHANNELS, key, next.encode());
  }

  /// What goes of the oldest events.
  private Going going(byte[] key, long oldest) {
    ChannelRow row = ChannelRow.decode(journal.get(ChannelTables.CHANNELS, key));
    if (row == null || row.deleted()) {
      return new Going(0, 0, oldest);
    }
    long[] floorAndDue = {row.floor(), oldest};
    journal.scan(
        ChannelTables.EVENTS,
        key,
        ChannelTables.event(key, row.floor() + 1),
        (found, value) -> {
          long offset = ChannelTables.offset(found);
          floorAndDue[1] = EventForm.millis(value);
          if (floorAndDue[1] >= oldest || offset - row.floor() > STEP) {
            return false;
          }
          floorAndDue[0] = offset;
          return true;
        });
    return new Going(row.nonce(), floorAndDue[0], floorAndDue[1]);
  }

  private void trimCommands(long now) {
    long window = config.commandAge().toMillis();
    long kept = CommandRow.window(now, config.commandAge()) - window;
    long first = firstWindow();
    while (first < kept) {
      long going = first;
      write(batch -> {
        batch.deleteAll(ChannelTables.COMMANDS, ChannelTables.number(going));
        return going;
      });
      first = firstWindow();
    }
  }

  private long firstWindow() {
    long[] first = {Long.MAX_VALUE};
    journal.scan(
        ChannelTables.COMMANDS,
        new byte[0],
        (key, _) -> {
          first[0] = ChannelTables.millis(key);
          return false;
        });
    return first[0];
  }

  private <T> void write(Function<Batch, T> change) {
    var _ = Work.await(Work.submit(journal, WRITE_BYTES, change, _ -> {}));
  }
}
