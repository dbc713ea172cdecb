/// What the gateway says: envelopes of events in both forms, error objects with their numbers. The
/// same on WebSockets, event streams and long polls.
@NullMarked
package dev.myelin.edge.gateway;

import org.jspecify.annotations.NullMarked;
