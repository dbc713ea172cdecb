/// Kills a loaded server again and again, and holds it to its word each time.
@NullMarked
package dev.myelin.bench.crash;

import org.jspecify.annotations.NullMarked;
