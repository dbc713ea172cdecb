/// Tests of the memory engine over a real journal.
@NullMarked
package dev.myelin.memory;

import org.jspecify.annotations.NullMarked;
