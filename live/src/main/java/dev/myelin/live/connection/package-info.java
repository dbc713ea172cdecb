/// Live connections: how many there may be ([ConnectionRegistry]), and what waits to be sent to
/// each ([Outbox]).
@NullMarked
package dev.myelin.live.connection;

import org.jspecify.annotations.NullMarked;
