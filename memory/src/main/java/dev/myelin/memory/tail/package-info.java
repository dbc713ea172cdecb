/// The newest memories of a space, kept in memory and searched exactly until the index covers them.
@NullMarked
package dev.myelin.memory.tail;

import org.jspecify.annotations.NullMarked;
