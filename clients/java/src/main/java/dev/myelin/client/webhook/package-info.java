/// Webhooks: a server tells another of what happens.
@NullMarked
package dev.myelin.client.webhook;

import org.jspecify.annotations.NullMarked;
