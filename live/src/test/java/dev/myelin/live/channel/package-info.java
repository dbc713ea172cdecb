@NullMarked
package dev.myelin.live.channel;

import org.jspecify.annotations.NullMarked;
