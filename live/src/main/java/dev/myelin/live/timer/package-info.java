/// One clock hand for everything that must happen later.
@NullMarked
package dev.myelin.live.timer;

import org.jspecify.annotations.NullMarked;
