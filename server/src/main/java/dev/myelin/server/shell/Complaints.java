package dev.myelin.server.shell;

import dev.myelin.client.model.MyelinException;
import java.io.PrintWriter;

/// What commands say on standard error.
public final class Complaints {
  private Complaints() {}

  /// Says something in a line.
  public static void say(PrintWriter err, String text) {
    err.println("myelin: " + text);
    err.flush();
  }

  /// Says why a request failed, and where the text does not, what to do.
  public static void say(PrintWriter err, MyelinException e) {
    say(err, e.text());
    switch (e.code()) {
      case MyelinException.UNAVAILABLE -> err.println("Start a server with: ./myelin serve");
      case MyelinException.UNAUTHENTICATED ->
          err.println("Give the key with --api-key, or in the environment as MYELIN_API_KEY.");
      case "library_not_found" -> err.println("Make it with: ./myelin library create NAME");
      default -> {
        // The text says what to do.
      }
    }
    err.flush();
  }
}
