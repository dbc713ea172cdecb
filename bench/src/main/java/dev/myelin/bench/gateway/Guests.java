package dev.myelin.bench.gateway;

import dev.myelin.bench.fanout.Surface;
import dev.myelin.bench.load.Target;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Clients of the gateway, each a user of its own with a token signed here (HS256), and what they
/// say.
final class Guests {
  /// What all of them hear, and are told of by [#surface(Target)].
  static final String CHANNEL = "team:bench";

  private static final String SECRET = "only-for-a-server-of-the-benchmark";
  private static final String HMAC = "HmacSHA256";
  private static final long HOURS = 4;

  private Guests() {}

  /// Settings of a server that knows their tokens and has room for so many.
  static Map<String, String> settings(int guests) {
    String most = Integer.toString(guests + 1_000);
    return Map.of(
        "MYELIN_AUTH_JWT_SECRET",
        SECRET,
        "MYELIN_GATEWAY_MAX_CONNECTIONS",
        most,
        "MYELIN_GATEWAY_MAX_CONNECTIONS_PER_TENANT",
        most,
        "MYELIN_SERVER_MAX_CONNECTIONS",
        most,
        "MYELIN_GATEWAY_RATE_OTHER",
        "off",
        "MYELIN_EMBEDDING_PROVIDER",
        "none");
  }

  static String token(String user) {
    String head = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    long end = Instant.now().getEpochSecond() + 3_600 * HOURS;
    String claims =
        encoded(
            "{\"sub\":\""
                + user
                + "\",\"tenant_id\":\"bench\",\"permissions\":[\"*\"],\"exp\":"
                + end
                + "}");
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), HMAC));
      byte[] signature = mac.doFinal((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
      return head + "." + claims + "." + base64(signature);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java runtime has " + HMAC, e);
    }
  }

  private static String encoded(String json) {
    return base64(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The first message of the guest of that number.
  static String init(int number) {
    return "{\"id\":\"i\",\"type\":\"connection.init\",\"payload\":{\"version\":\"1.0\",\"client_id\":\"c"
        + number
        + "\",\"token\":\""
        + token("guest-" + number)
        + "\"}}";
  }

  /// Joins the common channel and one of the guest's own.
  static String subscribe(int number) {
    return "{\"id\":\"s\",\"type\":\"channel.subscribe\",\"payload\":{\"channels\":[{\"type\":\"conversation\",\"id\":\"g"
        + number
        + "\"},{\"type\":\"team\",\"id\":\"bench\"}]}}";
  }

  /// The gateway with guests that listen to two channels, of which one is published to.
  static Surface surface(Target target) {
    String head =
        "POST "
            + path()
            + " HTTP/1.1\r\nHost: "
            + target.host()
            + ":"
            + target.port()
            + "\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + token("publisher")
            + "\r\n";
    return Surface.gateway(
        number -> List.of(init(number), subscribe(number)), "\"reply_to\":\"s\"", head);
  }

  /// Where the common channel is published to.
  static String path() {
    return "/v1/channels/team/bench/events";
  }
}
