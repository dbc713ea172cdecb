package dev.myelin.edge.grpc.call;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Texts of failures.
final class Failures {
  static final String INTERNAL_TEXT =
      "The server failed at this call. It is in the server's log; try again, and report it if it"
          + " happens again.";

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Failures() {}

  static void log(String path, RuntimeException bug) {
    LOG.atError().addKeyValue("path", path).setCause(bug).log("A gRPC call failed");
  }

  /// A text as `grpc-message` carries it: percent-encoded UTF-8.
  static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (octet >= ' ' && octet <= '~' && octet != '%') {
        encoded.append((char) octet);
      } else {
        HEX.toHexDigits(encoded.append('%'), octet);
      }
    }
    return encoded.toString();
  }
}
