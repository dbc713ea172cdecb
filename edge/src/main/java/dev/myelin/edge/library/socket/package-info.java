/// The WebSocket of a library: requests with answers, and every change as an event.
///
/// Sockets hear the library's channel through [dev.myelin.edge.fanout.FanOut], as all connections
/// do.
@NullMarked
package dev.myelin.edge.library.socket;

import org.jspecify.annotations.NullMarked;
