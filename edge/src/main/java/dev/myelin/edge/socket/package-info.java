/// WebSockets, whatever is spoken on them: handshake, frames, messages, times and bounds.
@NullMarked
package dev.myelin.edge.socket;

import org.jspecify.annotations.NullMarked;
