package dev.myelin.memory.index;

import dev.myelin.memory.ranking.TextAnalysis;
import dev.myelin.memory.vector.BitCoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a commit of an index says of itself, as pairs of text.
///
/// @param epoch of the stream it was made from
/// @param covered the offset up to which it has everything
/// @param coder makes its codes, null while it has no embedding
record IndexIdentity(String epoch, long covered, @Nullable BitCoder coder) {
  private static final String FORMAT = IndexSchema.VERSION + "." + TextAnalysis.VERSION;

  Map<String, String> write() {
    Map<String, String> pairs = new HashMap<>();
    pairs.put("format", FORMAT);
    pairs.put("epoch", epoch);
    pairs.put("covered", Long.toString(covered));
    if (coder != null) {
      float[] centre = coder.centre();
      ByteBuffer bytes =
          ByteBuffer.allocate(Float.BYTES * centre.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(centre);
      pairs.put("centre", Base64.getEncoder().encodeToString(bytes.array()));
    }
    return pairs;
  }

  /// Null if it is of another format.
  static @Nullable IndexIdentity read(Map<String, String> pairs) {
    String epoch = pairs.get("epoch");
    String covered = pairs.get("covered");
    if (!FORMAT.equals(pairs.get("format")) || epoch == null || covered == null) {
      return null;
    }
    return new IndexIdentity(epoch, Long.parseLong(covered), coder(pairs.get("centre")));
  }

  private static @Nullable BitCoder coder(@Nullable String centre) {
    if (centre == null) {
      return null;
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(centre)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return new BitCoder(values);
  }
}
