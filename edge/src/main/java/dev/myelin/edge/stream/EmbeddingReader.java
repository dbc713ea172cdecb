package dev.myelin.edge.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/// Reads an embedding: an array of numbers, or base64 of little-endian float32 values.
///
/// One thread.
final class EmbeddingReader {
  private static final ErrorCode CODE = ErrorCode.INVALID_EMBEDDING;

  private final FrameInput input;
  private final FloatArrayParser floats = new FloatArrayParser();

  EmbeddingReader(FrameInput input) {
    this.input = input;
  }

  /// Takes the whole value the parser stands on, also when it refuses it.
  ///
  /// @throws ServiceException INVALID_EMBEDDING
  Embedding read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_ARRAY -> Embedding.of(values(parser));
      case VALUE_STRING -> Embedding.of(base64(parser.getText()));
      case null, default ->
          throw JsonFields.wrongType(
              parser, CODE, "embedding", "an array of numbers, or base64 of little-endian float32");
    };
  }

  private float[] values(JsonParser parser) throws IOException {
    if (input.standsBeforeValues(parser.currentLocation().getByteOffset())) {
      int bracket = floats.parse(input.frame(), input.position(), input.length());
      if (bracket != FloatArrayParser.NOT_PLAIN) {
        input.skipTo(bracket);
        parser.nextToken();
        return floats.values();
      }
    }
    return slowly(parser);
  }

  /// Reads the array token by token: it is not one of plain numbers, or its key is spelled in a way
  /// that [FrameInput] does not look for.
  private float[] slowly(JsonParser parser) throws IOException {
    floats.clear();
    ServiceException wrong = null;
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken().isNumeric()) {
        floats.add(Float.parseFloat(parser.getText()));
      } else {
        ServiceException e =
            JsonFields.wrongType(parser, CODE, "embedding[" + index + "]", "a number");
        wrong = wrong == null ? e : wrong;
      }
      index++;
    }
    if (wrong != null) {
      throw wrong;
    }
    return floats.values();
  }

  private static float[] base64(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw new ServiceException(
          CODE, "embedding is a string that is not base64 (expected: base64 of float32 values).");
    }
    if (bytes.length % Float.BYTES != 0) {
      throw new ServiceException(
          CODE,
          "embedding is base64 of "
              + bytes.length
              + " bytes (expected: little-endian float32 values of 4 bytes each).");
    }
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
