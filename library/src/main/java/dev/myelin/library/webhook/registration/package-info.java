/// Which webhooks there are, and what each wants:
/// [dev.myelin.library.webhook.registration.WebhookBook].
@NullMarked
package dev.myelin.library.webhook.registration;

import org.jspecify.annotations.NullMarked;
