/// The commands about channels: publish, listen.
@NullMarked
package dev.myelin.server.channel;

import org.jspecify.annotations.NullMarked;
