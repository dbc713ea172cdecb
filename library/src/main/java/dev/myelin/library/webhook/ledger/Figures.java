package dev.myelin.library.webhook.ledger;

import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was counted of a webhook since it was made.
///
/// @param attempts all of them, also those of tests
/// @param successful those that were answered with 2xx
/// @param lastTriggeredAt when the last attempt began
/// @param logged how many entries its log ever had
public record Figures(
    long attempts, long successful, @Nullable Instant lastTriggeredAt, long logged) {
  static final Figures NONE = new Figures(0, 0, null, 0);

  public long failed() {
    return attempts - successful;
  }

  /// How many of a hundred attempts succeeded, with two decimals; 0 before the first one.
  public double successRate() {
    return attempts == 0 ? 0 : Math.round(successful * 10_000.0 / attempts) / 100.0;
  }

  Figures with(Delivery delivery) {
    boolean attempt = delivery.attempt() > 0;
    boolean success = attempt && delivery.status() == DeliveryStatus.SUCCESS;
    return new Figures(
        attempts + (attempt ? 1 : 0),
        successful + (success ? 1 : 0),
        attempt ? delivery.attemptedAt() : lastTriggeredAt,
        logged + 1);
  }

  byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("attempts", attempts);
    json.put("successful", successful);
    json.put("last", lastTriggeredAt == null ? null : lastTriggeredAt.toEpochMilli());
    json.put("logged", logged);
    return Json.write(json);
  }

  static Figures decode(byte @Nullable [] row) {
    if (row == null) {
      return NONE;
    }
    Fields fields = Fields.read(row);
    return new Figures(
        fields.number("attempts"),
        fields.number("successful"),
        fields.number("last") == 0 ? null : fields.time("last"),
        fields.number("logged"));
  }
}
