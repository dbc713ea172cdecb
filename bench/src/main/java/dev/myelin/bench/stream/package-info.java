/// `bench stream`: what a server takes in, how fast it acknowledges, and what others do beside it.
@NullMarked
package dev.myelin.bench.stream;

import org.jspecify.annotations.NullMarked;
