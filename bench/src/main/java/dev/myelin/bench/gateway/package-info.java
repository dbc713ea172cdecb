/// What connections to the gateway cost, how fast events get to them, and how they come back.
@NullMarked
package dev.myelin.bench.gateway;

import org.jspecify.annotations.NullMarked;
