package dev.myelin.library.webhook.registration;

import dev.myelin.library.event.EventType;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a webhook must be like.
public final class WebhookRules {
  private static final int MAX_URL = 2_048;
  private static final int MAX_EVENTS = 64;
  private static final int MAX_DESCRIPTION = 1_000;
  private static final int MIN_SECRET = 16;
  private static final int MAX_SECRET = 256;
  private static final int MAX_RETRIES = 10;
  private static final Duration MAX_DELAY = Duration.ofHours(1);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(2);

  private WebhookRules() {}

  /// @throws ServiceException INVALID_WEBHOOK
  static void check(NewWebhook webhook) {
    checkEvents(webhook.events());
    checkDescription(webhook.description());
    checkSecret(webhook.secret());
    checkPolicy(webhook.policy());
    String library = webhook.library();
    if (library != null && !SpaceId.isName(library)) {
      throw invalid("library_id", "is no id of a library", "List the libraries there are.");
    }
  }

  /// @throws ServiceException INVALID_WEBHOOK
  static void check(WebhookPatch patch) {
    if (patch.events() != null) {
      checkEvents(patch.events());
    }
    checkDescription(patch.description());
    checkPolicy(patch.policy(DeliveryPolicy.DEFAULT));
  }

  /// The address in a text: absolute, `http` or `https`, with a host, without user and fragment.
  ///
  /// @throws ServiceException INVALID_WEBHOOK
  public static URI url(String text) {
    try {
      URI url = new URI(text.strip());
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean known = scheme.equals("http") || scheme.equals("https");
      if (known
          && url.getHost() != null
          && url.getPort() <= 65_535
          && url.getPort() != 0
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null
          && text.length() <= MAX_URL) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Said below.
    }
    throw invalid(
        "url",
        "is "
            + Excerpt.of(text)
            + " (expected: http:// or https://, a host, a path, without user and fragment, at most "
            + MAX_URL
            + " characters)",
        "Send such a one.");
  }

  private static void checkEvents(List<String> events) {
    if (events.size() > MAX_EVENTS) {
      throw invalid("events", "has more than " + MAX_EVENTS + " names", "Send groups, or *.");
    }
    for (int i = 0; i < events.size(); i++) {
      if (!EventPatterns.isKnown(events.get(i))) {
        throw invalid(
            "events[" + i + "]",
            "is "
                + Excerpt.of(events.get(i))
                + " (expected: "
                + String.join(", ", EventType.NAMES)
                + ", a group such as document.*, or *)",
            "Choose one of them.");
      }
    }
  }

  private static void checkDescription(@Nullable String text) {
    if (text != null && text.length() > MAX_DESCRIPTION) {
      throw invalid(
          "description", "has more than " + MAX_DESCRIPTION + " characters", "Shorten it.");
    }
  }

  /// @throws ServiceException INVALID_WEBHOOK
  static void checkSecret(@Nullable String secret) {
    if (secret != null && (secret.length() < MIN_SECRET || secret.length() > MAX_SECRET)) {
      throw invalid(
          "secret",
          "has "
              + secret.length()
              + " characters (expected: "
              + MIN_SECRET
              + " to "
              + MAX_SECRET
              + ")",
          "Leave it out, and one is made.");
    }
  }

  private static void checkPolicy(DeliveryPolicy policy) {
    if (policy.maxRetries() < 0 || policy.maxRetries() > MAX_RETRIES) {
      throw outside("max_retries", policy.maxRetries(), "0 to " + MAX_RETRIES);
    }
    requireWithin("retry_delay_seconds", policy.retryDelay(), MAX_DELAY);
    requireWithin("timeout_seconds", policy.timeout(), MAX_TIMEOUT);
  }

  private static void requireWithin(String field, Duration value, Duration most) {
    if (value.toSeconds() < 1 || value.compareTo(most) > 0) {
      throw outside(field, value.toSeconds(), "1 to " + most.toSeconds());
    }
  }

  private static ServiceException outside(String field, long value, String expected) {
    return invalid(field, "is " + value + " (expected: " + expected + ")", "Send such a one.");
  }

  /// What a request is refused with.
  public static ServiceException invalid(String field, String problem, String advice) {
    return ServiceException.invalid(
        ErrorCode.INVALID_WEBHOOK,
        field,
        "Invalid webhook: " + field + " " + problem + ". " + advice);
  }
}
