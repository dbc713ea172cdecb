/// The WebSocket of a library: requests with answers, and every change as an event.
///
/// An event is encoded once; each event loop is given it once, writes it to all its sockets and
/// flushes each of them once.
@NullMarked
package dev.myelin.edge.library.socket;

import org.jspecify.annotations.NullMarked;
