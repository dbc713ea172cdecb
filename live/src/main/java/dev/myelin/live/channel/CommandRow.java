package dev.myelin.live.channel;

import dev.myelin.journal.Batch;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a command led to, kept with the event that it led to: digest of what it said (32 bytes),
/// nonce of the channel's epoch (8), offset (8), id of the event (UTF-8, the rest).
///
/// Rows are kept in windows as long as a command is known: it is looked for in the window of now
/// and the one before, and a window goes as a whole.
@SuppressWarnings("ArrayRecordComponent") // a digest is handed on, and compared as an array
record CommandRow(byte[] digest, long nonce, long offset, String eventId) {
  private static final int DIGEST_LENGTH = 32;

  /// Where a command is looked for and what it must have said.
  ///
  /// @param id digest of who sent it and what it is called
  /// @param digest of what it says, and where
  @SuppressWarnings("ArrayRecordComponent") // digests are handed on
  record Wanted(byte[] id, byte[] digest) {}

  static Wanted wanted(ChannelId channel, CommandKey command) {
    byte[] id =
        digest(channel.tenant(), command.subject(), command.clientId(), command.commandId());
    MessageDigest said = sha256();
    said.update(ChannelTables.key(channel));
    said.update(command.bodyHash());
    return new Wanted(id, said.digest());
  }

  /// What a command led to before; null if it is new.
  ///
  /// @throws ServiceException CONFLICT if it said something else
  static @Nullable CommandRow find(Batch batch, Wanted wanted, Duration window, String commandId) {
    long start = window(batch, window);
    byte[] row = batch.get(ChannelTables.COMMANDS, key(start, wanted));
    if (row == null) {
      row = batch.get(ChannelTables.COMMANDS, key(start - window.toMillis(), wanted));
    }
    if (row == null) {
      return null;
    }
    CommandRow found = decode(row);
    if (!MessageDigest.isEqual(found.digest, wanted.digest)) {
      throw new ServiceException(
          ErrorCode.CONFLICT,
          "The command "
              + Excerpt.of(commandId)
              + " was carried out before and said something else (expected: the same again, or a"
              + " new id). Give a new command a new id.");
    }
    return found;
  }

  void put(Batch batch, Wanted wanted, Duration window) {
    batch.put(ChannelTables.COMMANDS, key(window(batch, window), wanted), encode());
  }

  /// When the window of a time began, in ms.
  static long window(long millis, Duration window) {
    return millis - Math.floorMod(millis, window.toMillis());
  }

  private static long window(Batch batch, Duration window) {
    return window(batch.time().toEpochMilli(), window);
  }

  private static byte[] key(long start, Wanted wanted) {
    return ChannelTables.due(start, wanted.id);
  }

  private byte[] encode() {
    byte[] id = eventId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(DIGEST_LENGTH + 2 * Long.BYTES + id.length)
        .put(digest)
        .putLong(nonce)
        .putLong(offset)
        .put(id)
        .array();
  }

  private static CommandRow decode(byte[] row) {
    ByteBuffer fields = ByteBuffer.wrap(row, DIGEST_LENGTH, row.length - DIGEST_LENGTH);
    return new CommandRow(
        Arrays.copyOf(row, DIGEST_LENGTH),
        fields.getLong(),
        fields.getLong(),
        StandardCharsets.UTF_8.decode(fields).toString());
  }

  private static byte[] digest(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
      digest.update(utf8);
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
