package dev.myelin.bench.load;

/// The ways into a server.
public enum Transport {
  /// A WebSocket with JSON in text frames.
  JSON,
  /// A WebSocket with protobuf in binary frames.
  BINARY,
  /// A stream of gRPC.
  GRPC;

  /// How a connection of this kind speaks.
  public Dialect dialect(Session session) {
    return switch (this) {
      case JSON -> new JsonDialect(session);
      case BINARY -> new BinaryDialect(session);
      case GRPC -> new GrpcDialect(session);
    };
  }
}
