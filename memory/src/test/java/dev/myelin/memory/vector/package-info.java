/// Tests of vector arithmetic.
@NullMarked
package dev.myelin.memory.vector;

import org.jspecify.annotations.NullMarked;
