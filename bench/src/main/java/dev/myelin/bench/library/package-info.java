/// Libraries: how fast documents come in, are searched, and are told of, and what listeners cost.
@NullMarked
package dev.myelin.bench.library;

import org.jspecify.annotations.NullMarked;
