package dev.myelin.server.extract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Texts as they are: UTF-8, or UTF-16 that says so.
final class PlainText {
  private PlainText() {}

  /// Whether the beginning of a file is no text: it has zeros, and does not say that it is UTF-16.
  static boolean isBinary(byte[] head) {
    if (isUtf16(head)) {
      return false;
    }
    for (byte each : head) {
      if (each == 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUtf16(byte[] bytes) {
    return bytes.length >= 2
        && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
            || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
  }

  /// @throws UnreadableException if it is no text, or in another encoding
  static String decode(byte[] bytes) throws UnreadableException {
    if (isBinary(bytes)) {
      throw new UnreadableException("it is no text");
    }
    Charset charset = isUtf16(bytes) ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException _) {
      throw new UnreadableException("it is not UTF-8 (expected: a text in UTF-8 or UTF-16)");
    }
  }
}
