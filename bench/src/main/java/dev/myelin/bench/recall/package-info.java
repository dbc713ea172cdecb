/// How good recall is, and how fast.
@NullMarked
package dev.myelin.bench.recall;

import org.jspecify.annotations.NullMarked;
