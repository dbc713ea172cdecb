package dev.myelin.journal.rocks.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What one log of RocksDB holds. The form is that of RocksDB's `db/log_format.h`: blocks of 32
/// KiB; in each, fragments of records: checksum (4 bytes, masked CRC32C of type and content),
/// length (2), type (1), content, little-endian. A rest of a block too short for a header is filled
/// with zeros.
final class LogFile {
  static final int BLOCK = 32 * 1024;
  static final int HEADER = 7;

  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  private final String name;
  private final long size;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private int records;
  private boolean insideRecord;
  private boolean torn;
  private @Nullable String damage;

  private LogFile(String name, long size) {
    this.name = name;
    this.size = size;
  }

  static LogFile read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      LogFile log = new LogFile(String.valueOf(path.getFileName()), channel.size());
      log.readBlocks(channel);
      return log;
    }
  }

  /// How many whole records there are before the end or the damage.
  int records() {
    return records;
  }

  /// Whether the last record is incomplete, as a crash leaves it.
  boolean isTorn() {
    return torn;
  }

  Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  private void readBlocks(FileChannel channel) throws IOException {
    for (long start = 0; start < size && damage == null && !torn; start += BLOCK) {
      block.clear().limit((int) Math.min(BLOCK, size - start));
      while (block.hasRemaining() && channel.read(block) >= 0) {}
      block.flip();
      readBlock(start);
    }
    torn |= insideRecord;
  }

  private void readBlock(long start) {
    boolean isLastBlock = start + BLOCK >= size;
    int at = 0;
    while (damage == null && !torn && BLOCK - at >= HEADER && at < block.limit()) {
      if (block.limit() - at < HEADER) {
        torn = true; // cut off inside a header
        return;
      }
      int length = Short.toUnsignedInt(block.getShort(at + 4));
      int type = Byte.toUnsignedInt(block.get(at + 6));
      int end = at + HEADER + length;
      if (end > block.limit()) {
        readCutOff(start, at, isLastBlock && end <= BLOCK);
      } else if (type == 0 && length == 0) {
        readZeros(start, at, isLastBlock);
        return;
      } else if (!checksumMatches(at, length)) {
        damage = at(start, at) + " does not match its checksum";
      } else {
        readFragment(start, at, type);
      }
      at = end;
    }
  }

  /// A fragment that ends after the file. If a crash cut it off, nothing can follow it, and the
  /// checksum cannot match what is left; otherwise its length was changed.
  private void readCutOff(long start, int at, boolean mayBeTorn) {
    int rest = block.limit() - at - HEADER;
    if (!mayBeTorn || checksumMatches(at, rest) || isFollowed(at)) {
      damage = at(start, at) + " has a wrong length";
    } else {
      torn = true;
    }
  }

  /// Whether a whole fragment begins somewhere after the header at a place of the last block.
  private boolean isFollowed(int at) {
    for (int next = at + 1; next + HEADER <= block.limit(); next++) {
      int length = Short.toUnsignedInt(block.getShort(next + 4));
      int type = Byte.toUnsignedInt(block.get(next + 6));
      if (type >= FULL
          && next + HEADER + length <= block.limit()
          && checksumMatches(next, length)) {
        return true;
      }
    }
    return false;
  }

  /// Room that was set aside and never written to; only at the end of a file.
  private void readZeros(long start, int at, boolean isLastBlock) {
    for (int i = at; i < block.limit(); i++) {
      if (block.get(i) != 0) {
        damage = at(start, at) + " was overwritten";
        return;
      }
    }
    if (isLastBlock) {
      torn = true;
    } else {
      damage = at(start, at) + " was overwritten by zeros";
    }
  }

  private void readFragment(long start, int at, int type) {
    boolean begins = type == FULL || type == FIRST;
    boolean continues = type == MIDDLE || type == LAST;
    if ((begins && insideRecord) || (continues && !insideRecord)) {
      damage = at(start, at) + " is not what follows there";
    } else if (begins || continues) {
      insideRecord = type == FIRST || type == MIDDLE;
      records += insideRecord ? 0 : 1;
    }
  }

  private boolean checksumMatches(int at, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(block.array(), at + 6, 1 + length);
    int value = (int) checksum.getValue();
    int masked = Integer.rotateRight(value, 15) + 0xa282ead8;
    return masked == block.getInt(at);
  }

  private String at(long start, int at) {
    return "the record at byte " + (start + at) + " of its file " + name;
  }
}
