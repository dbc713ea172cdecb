@NullMarked
package dev.myelin.live.timer;

import org.jspecify.annotations.NullMarked;
