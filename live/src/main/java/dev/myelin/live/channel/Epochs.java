package dev.myelin.live.channel;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Journal;
import dev.myelin.journal.StreamEnd;
import dev.myelin.journal.StreamName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Names the incarnations of logs.
///
/// A channel's nonce changes when it is deleted. What stands beside it changes when the journal is
/// another one, such as a copy that was restored, in which offsets may be given out anew.
final class Epochs {
  /// One record, for the epoch of its stream.
  private static final StreamName INCARNATION = new StreamName("channel");

  private static final byte KIND = 1;
  private static final int SIZE = 256;

  private final SecureRandom nonces = new SecureRandom();
  private final Journal journal;
  private final long incarnation;

  private Epochs(Journal journal) {
    this.journal = journal;
    incarnation = hash(journal.end(INCARNATION).map(StreamEnd::epoch).orElse(""));
  }

  /// Blocks.
  static Epochs open(Journal journal) {
    SecureRandom random = new SecureRandom();
    if (journal.end(INCARNATION).isEmpty()) {
      byte[] base = ChannelTables.number(random.nextLong());
      Work.await(
          Work.submit(
              journal,
              SIZE,
              batch -> {
                batch.put(ChannelTables.BASE, ChannelTables.BASE_KEY, base.clone());
                return batch.append(INCARNATION, KIND, new byte[0]);
              },
              _ -> {}));
    }
    return new Epochs(journal);
  }

  /// The epoch of a log with that nonce: 16 characters.
  String of(long nonce) {
    return HexFormat.of().toHexDigits(nonce ^ incarnation);
  }

  /// The nonce of channels that have no row.
  long base() {
    return base(journal.get(ChannelTables.BASE, ChannelTables.BASE_KEY));
  }

  /// The same, as a transaction sees it.
  static long base(Batch batch) {
    return base(batch.get(ChannelTables.BASE, ChannelTables.BASE_KEY));
  }

  private static long base(byte @Nullable [] value) {
    // Written before anything else is, in the same journal.
    return value == null ? 0 : ByteBuffer.wrap(value).getLong();
  }

  long newNonce() {
    return nonces.nextLong();
  }

  private static long hash(String epoch) {
    return UUID.nameUUIDFromBytes(epoch.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
  }
}
