/// Connections to a server: WebSocket and gRPC links, calls, timers. The only room with Vert.x.
@NullMarked
package dev.myelin.client.transport;

import org.jspecify.annotations.NullMarked;
