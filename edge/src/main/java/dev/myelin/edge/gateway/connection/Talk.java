package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.model.ServiceException;
import org.jspecify.annotations.Nullable;

/// Who answers clients. On the connection's event loop.
public interface Talk {
  /// Greets a client that showed in the handshake who it is, or need not.
  void greet(GatewaySocket socket);

  /// Does what a client asks for.
  ///
  /// @throws ServiceException if that cannot be: the client is told why
  void handle(GatewaySocket socket, Inbound message);

  /// A command has its one reply.
  ///
  /// @param reply null if it was refused
  void answered(GatewaySocket socket, Inbound command, @Nullable Envelope reply);
}
