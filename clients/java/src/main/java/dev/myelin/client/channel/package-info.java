/// Channels of the gateway for back ends: say something on a channel, read what was said, follow
/// it.
@NullMarked
package dev.myelin.client.channel;

import org.jspecify.annotations.NullMarked;
