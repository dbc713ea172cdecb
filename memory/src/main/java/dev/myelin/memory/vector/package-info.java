/// Arithmetic on vectors: SIMD behind one door, with a scalar twin.
@NullMarked
package dev.myelin.memory.vector;

import org.jspecify.annotations.NullMarked;
