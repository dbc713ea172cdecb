package dev.myelin.client.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A webhook that is to be made. Immutable.
///
/// @param url `http` or `https`, a public address
/// @param events names, groups such as `document.*`, or `*` for all but `memory.added`,
///   `chunk.added` and `chunk.deleted`
/// @param libraryId of this library alone; null for all of the tenant's
/// @param secret what to sign with, 16 to 256 characters; null lets the server make one
public record NewWebhook(
    String url,
    List<String> events,
    @Nullable String libraryId,
    @Nullable String description,
    @Nullable String secret,
    DeliveryRules rules) {
  public NewWebhook {
    events = List.copyOf(events);
  }

  public static NewWebhook to(String url, String... events) {
    return new NewWebhook(url, List.of(events), null, null, null, DeliveryRules.USUAL);
  }

  public NewWebhook ofLibrary(String id) {
    return new NewWebhook(url, events, id, description, secret, rules);
  }

  public NewWebhook withDescription(String text) {
    return new NewWebhook(url, events, libraryId, text, secret, rules);
  }

  public NewWebhook withSecret(String own) {
    return new NewWebhook(url, events, libraryId, description, own, rules);
  }

  public NewWebhook withRules(DeliveryRules other) {
    return new NewWebhook(url, events, libraryId, description, secret, other);
  }
}
