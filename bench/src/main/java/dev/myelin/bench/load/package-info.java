/// A load generator that costs the machine as little as it can: observations encoded by copying,
/// plain sockets, one writer and one reader per connection.
@NullMarked
package dev.myelin.bench.load;

import org.jspecify.annotations.NullMarked;
