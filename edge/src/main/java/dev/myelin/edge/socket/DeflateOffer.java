package dev.myelin.edge.socket;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a client offers about permessage-deflate, and what is agreed to (RFC 7692, section 7.1).
final class DeflateOffer {
  private static final String NAME = "permessage-deflate";
  private static final String SERVER_BITS = "server_max_window_bits";
  private static final String CLIENT_BITS = "client_max_window_bits";
  private static final String SERVER_FORGETS = "server_no_context_takeover";
  private static final String CLIENT_FORGETS = "client_no_context_takeover";
  private static final String OWN_BITS = "15";
  private static final int MOST_PARTS = 32;

  private DeflateOffer() {}

  /// The answer to the first offer that can be met. It asks for no memory between messages on
  /// either side, whether the client named that or not (section 7.1.1).
  ///
  /// @param offers the header `Sec-WebSocket-Extensions`
  static Optional<String> answer(String offers) {
    for (String offer : offers.split(",", MOST_PARTS)) {
      String[] parts = offer.split(";", MOST_PARTS);
      if (parts[0].strip().equalsIgnoreCase(NAME) && isMet(parts)) {
        String agreed = NAME + "; " + SERVER_FORGETS + "; " + CLIENT_FORGETS;
        boolean bits = offer.toLowerCase(Locale.ROOT).contains(SERVER_BITS);
        return Optional.of(bits ? agreed + "; " + SERVER_BITS + "=" + OWN_BITS : agreed);
      }
    }
    return Optional.empty();
  }

  private static boolean isMet(String[] parts) {
    Set<String> seen = new HashSet<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].strip().split("=", 2);
      String name = pair[0].strip().toLowerCase(Locale.ROOT);
      String value = pair.length < 2 ? "" : unquoted(pair[1].strip());
      boolean bare = pair.length < 2;
      boolean met =
          switch (name) {
            case SERVER_FORGETS, CLIENT_FORGETS -> bare;
            // A smaller window could not be kept to: the JDK has no deflater with one.
            case SERVER_BITS -> value.equals(OWN_BITS);
            case CLIENT_BITS -> bare || value.matches("[89]|1[0-5]");
            default -> false;
          };
      if (!met || !seen.add(name)) {
        return false;
      }
    }
    return true;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
