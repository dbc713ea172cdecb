package dev.myelin.edge.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// An `ObservationRequest` with the embedding cut out of its episode: the floats, and the bytes of
/// the message that is left.
///
/// The generated parser reads packed floats one by one into a list, from which they are copied
/// again; that costs several times as much as all the rest of an observation. Here they are copied
/// once. All other fields stay with the generated parser, and so does every message that is not
/// plainly one episode with one packed embedding.
///
/// @param embedding owned by the receiver
@SuppressWarnings("ArrayRecordComponent") // Handed on at once, never compared.
record EmbeddingCut(float[] embedding, byte[] rest) {
  // Fields of engram.v1 as the wire has them: number << 3 | wire type.
  private static final int OBSERVATION = 3 << 3 | 2;
  private static final int EMBEDDING = 4 << 3 | 2;

  private static final int WORTH_CUTTING = 128;

  /// The cut message, or null if the generated parser should read it.
  static @Nullable EmbeddingCut of(byte[] bytes, int offset, int length) {
    if (length < WORTH_CUTTING) {
      return null;
    }
    Scan outer = new Scan(bytes, offset, offset + length);
    if (!outer.find(OBSERVATION)) {
      return null;
    }
    Scan inner = new Scan(bytes, outer.content, outer.contentEnd);
    if (!inner.find(EMBEDDING) || (inner.contentEnd - inner.content) % Float.BYTES != 0) {
      return null;
    }
    float[] embedding = new float[(inner.contentEnd - inner.content) / Float.BYTES];
    ByteBuffer.wrap(bytes, inner.content, inner.contentEnd - inner.content)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(embedding);
    return new EmbeddingCut(embedding, rest(bytes, outer, inner));
  }

  private static byte[] rest(byte[] bytes, Scan outer, Scan inner) {
    int episode = outer.contentEnd - outer.content - (inner.contentEnd - inner.tag);
    ByteBuffer rest =
        ByteBuffer.allocate(
            outer.tag
                - outer.start
                + 1
                + varintSize(episode)
                + episode
                + outer.end
                - outer.contentEnd);
    rest.put(bytes, outer.start, outer.tag - outer.start).put((byte) OBSERVATION);
    int size = episode;
    while (size >= 0x80) {
      rest.put((byte) (size | 0x80));
      size >>>= 7;
    }
    rest.put((byte) size);
    rest.put(bytes, outer.content, inner.tag - outer.content);
    rest.put(bytes, inner.contentEnd, outer.contentEnd - inner.contentEnd);
    rest.put(bytes, outer.contentEnd, outer.end - outer.contentEnd);
    return rest.array();
  }

  private static int varintSize(int value) {
    return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
  }

  /// Walks over the fields of one message.
  private static final class Scan {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;
    private int tag = -1;
    private int content;
    private int contentEnd;
    private int lastLength;

    Scan(byte[] bytes, int start, int end) {
      this.bytes = bytes;
      this.start = start;
      this.end = end;
      this.at = start;
    }

    /// Whether the message is well formed and has exactly one such field, in its shortest form.
    boolean find(int wanted) {
      while (at < end) {
        int fieldAt = at;
        int key = key();
        if (key < 0 || !skip(key & 7)) {
          return false;
        }
        if (key >>> 3 == wanted >>> 3) {
          if (key != wanted || tag >= 0) {
            return false;
          }
          tag = fieldAt;
          contentEnd = at;
          content = at - lastLength;
        }
      }
      return tag >= 0;
    }

    /// A field's number and wire type in one byte, or in two or three for field 16 and above; else
    /// -1.
    private int key() {
      int key = bytes[at++];
      if (key >= 0) {
        return key;
      }
      key &= 0x7f;
      for (int shift = 7; shift <= 14 && at < end; shift += 7) {
        int next = bytes[at++];
        key |= (next & 0x7f) << shift;
        if (next >= 0) {
          return key >= 16 << 3 ? key : -1;
        }
      }
      return -1;
    }

    private boolean skip(int wireType) {
      return switch (wireType) {
        case 0 -> skipVarint();
        case 1 -> skipFixed(Long.BYTES);
        case 2 -> skipDelimited();
        case 5 -> skipFixed(Integer.BYTES);
        default -> false;
      };
    }

    private boolean skipFixed(int number) {
      at += number;
      return at <= end;
    }

    private boolean skipVarint() {
      for (int i = 0; i < 10 && at < end; i++) {
        if (bytes[at++] >= 0) {
          return true;
        }
      }
      return false;
    }

    private boolean skipDelimited() {
      int length = 0;
      for (int shift = 0; shift <= 21 && at < end; shift += 7) {
        int next = bytes[at++];
        length |= (next & 0x7f) << shift;
        if (next >= 0) {
          lastLength = length;
          if (length > end - at) {
            return false;
          }
          at += length;
          return true;
        }
      }
      return false;
    }
  }
}
