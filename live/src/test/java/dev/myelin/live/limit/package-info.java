@NullMarked
package dev.myelin.live.limit;

import org.jspecify.annotations.NullMarked;
