package dev.myelin.server.config;

import dev.myelin.library.webhook.WebhookConfig;
import dev.myelin.library.webhook.WebhookConfig.InFlight;
import dev.myelin.library.webhook.WebhookConfig.Log;
import dev.myelin.library.webhook.WebhookConfig.Patience;
import dev.myelin.library.webhook.WebhookConfig.Targets;

/// The keys under `webhooks`.
final class WebhookSection {
  private WebhookSection() {}

  static WebhookConfig read(Values values, WebhookConfig otherwise) {
    Patience patience = otherwise.patience();
    Targets targets = otherwise.targets();
    return new WebhookConfig(
        values.integer("webhooks.max-per-tenant", otherwise.maxPerTenant()),
        new InFlight(
            values.integer("webhooks.max-in-flight", otherwise.inFlight().all()),
            values.integer("webhooks.max-in-flight-per-target", otherwise.inFlight().perTarget())),
        new Patience(
            values.duration("webhooks.max-backoff", patience.maxBackoff()),
            values.duration("webhooks.max-retry-after", patience.maxRetryAfter()),
            values.duration("webhooks.pause-after", patience.pauseAfter())),
        new Log(
            values.integer("webhooks.log-entries", otherwise.log().entries()),
            values.duration("webhooks.log-age", otherwise.log().age())),
        new Targets(
            values.flag("webhooks.allow-private-targets", targets.allowPrivate()),
            values.duration("webhooks.connect-timeout", targets.connectTimeout()),
            values.smallBytes("webhooks.max-answer-bytes", targets.maxAnswerBytes())));
  }
}
