/// The gateway's place in the server: how connections come in, and how they go.
@NullMarked
package dev.myelin.edge.gateway.socket;

import org.jspecify.annotations.NullMarked;
