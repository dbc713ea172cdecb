/// Who is on a channel, what they do there, and what is told of it.
///
/// The door is [Presence].
@NullMarked
package dev.myelin.live.presence;

import org.jspecify.annotations.NullMarked;
