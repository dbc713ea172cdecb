@NullMarked
package dev.myelin.live.presence;

import org.jspecify.annotations.NullMarked;
