/// Tests of the index.
@NullMarked
package dev.myelin.memory.index;

import org.jspecify.annotations.NullMarked;
