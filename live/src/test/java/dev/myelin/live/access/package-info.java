@NullMarked
package dev.myelin.live.access;

import org.jspecify.annotations.NullMarked;
