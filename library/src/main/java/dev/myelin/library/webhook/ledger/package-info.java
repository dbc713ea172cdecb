/// What was delivered of each webhook, and up to where: [dev.myelin.library.webhook.ledger.Ledger].
@NullMarked
package dev.myelin.library.webhook.ledger;

import org.jspecify.annotations.NullMarked;
