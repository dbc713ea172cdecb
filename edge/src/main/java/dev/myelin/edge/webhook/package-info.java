/// Webhooks over HTTP: the routes that manage them, and the requests that they make. No request
/// goes to an address that was not checked in that moment.
@NullMarked
package dev.myelin.edge.webhook;

import org.jspecify.annotations.NullMarked;
