/// The machine that is measured on, and a server process of the benchmark's own.
@NullMarked
package dev.myelin.bench.host;

import org.jspecify.annotations.NullMarked;
