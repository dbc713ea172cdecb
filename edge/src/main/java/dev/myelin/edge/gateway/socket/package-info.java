/// The gateway's WebSockets: who is connected, what they hear, what they ask for.
@NullMarked
package dev.myelin.edge.gateway.socket;

import org.jspecify.annotations.NullMarked;
