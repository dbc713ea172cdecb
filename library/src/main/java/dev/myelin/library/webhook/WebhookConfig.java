package dev.myelin.library.webhook;

import java.time.Duration;

/// Bounds of webhooks.
///
/// @param maxPerTenant how many webhooks a tenant may have
public record WebhookConfig(
    int maxPerTenant, InFlight inFlight, Patience patience, Log log, Targets targets) {

  /// How many deliveries are made at the same time.
  ///
  /// @param all of all webhooks together
  /// @param perTarget to one host and port
  public record InFlight(int all, int perTarget) {
    public InFlight {
      require(all >= 1 && perTarget >= 1, "webhooks.max-in-flight", all + ", " + perTarget);
    }
  }

  /// How long is waited for a target that fails.
  ///
  /// @param maxBackoff longest pause between two attempts
  /// @param maxRetryAfter longest pause that a target may ask for
  /// @param pauseAfter how long a target may fail before its webhook is paused
  public record Patience(Duration maxBackoff, Duration maxRetryAfter, Duration pauseAfter) {
    public Patience {
      require(maxBackoff.isPositive(), "webhooks.max-backoff", maxBackoff);
      require(!maxRetryAfter.isNegative(), "webhooks.max-retry-after", maxRetryAfter);
      require(pauseAfter.isPositive(), "webhooks.pause-after", pauseAfter);
    }
  }

  /// What is kept of the attempts of a webhook.
  ///
  /// @param entries how many
  /// @param age how long
  public record Log(int entries, Duration age) {
    public Log {
      require(entries >= 1, "webhooks.log-entries", entries);
      require(age.isPositive(), "webhooks.log-age", age);
    }
  }

  /// Whom webhooks may call, and how.
  ///
  /// @param allowPrivate whether targets may be on this machine and in private networks
  /// @param connectTimeout for a connection, and for looking a name up
  /// @param maxAnswerBytes how much of an answer's body is read
  public record Targets(boolean allowPrivate, Duration connectTimeout, int maxAnswerBytes) {
    public Targets {
      require(connectTimeout.isPositive(), "webhooks.connect-timeout", connectTimeout);
      require(maxAnswerBytes >= 1, "webhooks.max-answer-bytes", maxAnswerBytes);
    }
  }

  public static final WebhookConfig DEFAULT =
      new WebhookConfig(
          100,
          new InFlight(64, 4),
          new Patience(Duration.ofHours(1), Duration.ofHours(1), Duration.ofDays(1)),
          new Log(1_000, Duration.ofDays(7)),
          new Targets(false, Duration.ofSeconds(5), 16 * 1024));

  public WebhookConfig {
    require(maxPerTenant >= 1, "webhooks.max-per-tenant", maxPerTenant);
  }

  private static void require(boolean holds, String key, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: more than 0)");
    }
  }

  /// These bounds for other targets.
  public WebhookConfig with(Targets other) {
    return new WebhookConfig(maxPerTenant, inFlight, patience, log, other);
  }
}
