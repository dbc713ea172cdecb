/// One event to many connections: how fast it gets to all of them, and what that costs the server.
@NullMarked
package dev.myelin.bench.fanout;

import org.jspecify.annotations.NullMarked;
