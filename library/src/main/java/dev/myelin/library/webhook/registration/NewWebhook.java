package dev.myelin.library.webhook.registration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a webhook is to be.
///
/// @param url `http` or `https`, at most 2 048 characters
/// @param events names, groups such as `document.*`, or `*`; at most 64
/// @param library null for all of the tenant
/// @param description at most 1 000 characters
/// @param secret 16 to 256 characters, null for one that is made
public record NewWebhook(
    String url,
    List<String> events,
    @Nullable String library,
    @Nullable String description,
    @Nullable String secret,
    DeliveryPolicy policy) {
  public NewWebhook {
    events = List.copyOf(events);
  }

  @Override
  public String toString() {
    return "NewWebhook[url=" + url + "]";
  }
}
