/// One connection of the gateway: who is there, what it hears, what goes in and out, how it ends.
@NullMarked
package dev.myelin.edge.gateway.connection;

import org.jspecify.annotations.NullMarked;
