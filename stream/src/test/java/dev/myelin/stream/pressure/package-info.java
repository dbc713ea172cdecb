/// Tests of pressure on a lane whose load a test sets.
@NullMarked
package dev.myelin.stream.pressure;

import org.jspecify.annotations.NullMarked;
