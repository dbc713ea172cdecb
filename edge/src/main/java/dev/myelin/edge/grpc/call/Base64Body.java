package dev.myelin.edge.grpc.call;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Base64;

/// Decodes a body of base64 pieces, each padded on its own, as gRPC-Web text clients send it.
final class Base64Body {
  private static final int QUAD = 4;

  private byte[] rest = {};

  /// The bytes of all characters that are complete so far.
  Buffer add(Buffer chunk) {
    byte[] text = Arrays.copyOf(rest, rest.length + chunk.length());
    chunk.getBytes(text, rest.length);
    int complete = text.length - text.length % QUAD;
    rest = Arrays.copyOfRange(text, complete, text.length);
    Buffer bytes = Buffer.buffer(complete / QUAD * 3);
    int from = 0;
    for (int quad = 0; quad < complete; quad += QUAD) {
      if (text[quad + QUAD - 1] == '=' || quad + QUAD == complete) {
        bytes.appendBytes(decode(Arrays.copyOfRange(text, from, quad + QUAD)));
        from = quad + QUAD;
      }
    }
    return bytes;
  }

  private static byte[] decode(byte[] text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw new ServiceException(
          ErrorCode.INVALID_REQUEST,
          "Invalid body: it is not base64, as its content type application/grpc-web-text says.");
    }
  }

  boolean hasRest() {
    return rest.length > 0;
  }
}
