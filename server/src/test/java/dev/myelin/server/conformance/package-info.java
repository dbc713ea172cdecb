/// WebSockets as RFC 6455 and RFC 7692 describe them, tried case by case on a running server.
@NullMarked
package dev.myelin.server.conformance;

import org.jspecify.annotations.NullMarked;
