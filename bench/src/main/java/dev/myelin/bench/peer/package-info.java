/// Other stores that take the same observations under the same load, each a process of the
/// benchmark's own.
@NullMarked
package dev.myelin.bench.peer;

import org.jspecify.annotations.NullMarked;
