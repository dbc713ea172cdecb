package dev.myelin.memory.record;

import dev.myelin.memory.vector.VectorMath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The embedding of a [RecordKind#REMEMBERED] or [RecordKind#EMBEDDED] record, read without the
/// rest.
///
/// @param inverseLength 1 / its length, 0 if that is out of range
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record StoredVector(float[] values, float inverseLength) {

  /// Reads it; empty if the record has none.
  ///
  /// @throws dev.myelin.model.ServiceException STORAGE_UNUSABLE if the bytes are no such record
  public static StoredVector of(byte[] payload) {
    float[] values = new float[MemoryRecord.dimension(payload)];
    ByteBuffer bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(MemoryRecord.VECTOR_AT).asFloatBuffer().get(values);
    return new StoredVector(values, MemoryRecord.inverseLength(payload));
  }

  /// The embedding scaled to length 1, with the same rounding as everywhere else; in place.
  public float[] unit() {
    if (inverseLength == 0f) {
      return VectorMath.FASTEST.unit(values);
    }
    VectorMath.FASTEST.scale(values, inverseLength, values, 0);
    return values;
  }
}
