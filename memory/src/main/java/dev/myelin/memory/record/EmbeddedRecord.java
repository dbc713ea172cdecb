package dev.myelin.memory.record;

import dev.myelin.model.Embedding;
import dev.myelin.model.ServiceException;

/// The payload of an [RecordKind#EMBEDDED] record, version 1: u8 version, u8 hidden, u16 dimension,
/// f32 1 / length, i64 the memory's offset, i64 zero, then at byte 24 (as in [MemoryRecord]) the
/// embedding, and the model's name.
///
/// @param target the offset of the memory it belongs to
/// @param hidden whether that memory was suppressed when this was written
/// @param model who made it
public record EmbeddedRecord(
    long target, boolean hidden, String model, Embedding embedding, float inverseLength) {
  private static final int VERSION = 1;

  public byte[] encode() {
    return new ByteWriter(MemoryRecord.VECTOR_AT + embedding.dimension() * Float.BYTES + 64)
        .u8(VERSION)
        .u8(hidden ? 1 : 0)
        .u16(embedding.dimension())
        .f32(inverseLength)
        .i64(target)
        .i64(0)
        .floats(embedding.values())
        .text(model)
        .bytes();
  }

  /// Changes in an encoded record whether its memory is hidden.
  public static void hide(byte[] payload, boolean hidden) {
    payload[1] = (byte) (hidden ? 1 : 0);
  }

  /// Reads it back from its stored form.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if the bytes are not such a record
  public static EmbeddedRecord decode(byte[] payload) {
    ByteReader in = new ByteReader(payload);
    int version = in.u8();
    int hidden = in.u8();
    int dimension = in.u16();
    if (version != VERSION || hidden > 1 || dimension == 0) {
      throw ByteReader.damaged("its version is " + version + ", its dimension " + dimension);
    }
    float inverseLength = in.f32();
    long target = in.i64();
    in.i64();
    float[] values = in.floats(dimension);
    String model = in.text();
    in.end();
    try {
      return new EmbeddedRecord(target, hidden == 1, model, Embedding.of(values), inverseLength);
    } catch (ServiceException _) {
      throw ByteReader.damaged("it holds an impossible embedding");
    }
  }
}
