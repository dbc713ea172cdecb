/// Tells other servers what happens in libraries, by HTTP requests:
/// [dev.myelin.library.webhook.WebhookService]. Each webhook follows the feed of each of its
/// libraries from a place that the journal keeps.
@NullMarked
package dev.myelin.library.webhook;

import org.jspecify.annotations.NullMarked;
