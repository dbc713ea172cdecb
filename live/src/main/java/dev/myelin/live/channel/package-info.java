/// Channels whose log is kept here: every event durable, in one order, for a while. What a library
/// tells is kept with the library.
@NullMarked
package dev.myelin.live.channel;

import org.jspecify.annotations.NullMarked;
