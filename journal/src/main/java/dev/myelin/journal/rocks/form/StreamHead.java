package dev.myelin.journal.rocks.form;

import java.nio.ByteBuffer;

/// The row of a stream: its number, what makes its epoch unique, its newest offset.
///
/// Stored as version (1 byte), id (8), nonce (8), last offset (8), big-endian.
public record StreamHead(long id, long nonce, long lastOffset) {
  private static final byte VERSION = 1;
  private static final int LENGTH = 25;

  public StreamHead at(long offset) {
    return new StreamHead(id, nonce, offset);
  }

  public byte[] encode() {
    return ByteBuffer.allocate(LENGTH)
        .put(VERSION)
        .putLong(id)
        .putLong(nonce)
        .putLong(lastOffset)
        .array();
  }

  public static StreamHead decode(byte[] row) {
    if (row.length != LENGTH || row[0] != VERSION) {
      throw StorageFailure.damaged("the row of a stream cannot be read");
    }
    ByteBuffer buffer = ByteBuffer.wrap(row, 1, LENGTH - 1);
    return new StreamHead(buffer.getLong(), buffer.getLong(), buffer.getLong());
  }
}
