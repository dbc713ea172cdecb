/// The whole server, tried over real sockets.
@NullMarked
package dev.myelin.server;

import org.jspecify.annotations.NullMarked;
