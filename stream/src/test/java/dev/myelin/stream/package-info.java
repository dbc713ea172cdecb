/// Tests of the observation service on a real journal and a real memory engine.
@NullMarked
package dev.myelin.stream;

import org.jspecify.annotations.NullMarked;
