/// The one fan-out at the edge: whoever shows a channel's events to the network sits in the
/// channel's room, and is told of each event on its own event loop.
///
/// An event is encoded once per wire form; each event loop is given it once, and each connection is
/// flushed once, however many events came.
@NullMarked
package dev.myelin.edge.fanout;

import org.jspecify.annotations.NullMarked;
