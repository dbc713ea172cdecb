package dev.myelin.edge.grpc;

/// Bounds of the gRPC surface.
///
/// @param maxMessageBytes largest message of a client, packed or unpacked
/// @param maxWaitingRequests requests of one call that may wait for their answer before the server
///   stops reading it
/// @param maxWaitingEvents events that may wait for a slow reader before some are left out
public record GrpcOptions(int maxMessageBytes, int maxWaitingRequests, int maxWaitingEvents) {
  public static final GrpcOptions DEFAULTS = new GrpcOptions(4 * 1024 * 1024, 256, 1_024);

  public GrpcOptions {
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException(
          "maxMessageBytes: " + maxMessageBytes + " (expected: 1 or more)");
    }
    if (maxWaitingRequests < 1) {
      throw new IllegalArgumentException(
          "maxWaitingRequests: " + maxWaitingRequests + " (expected: 1 or more)");
    }
    if (maxWaitingEvents < 1) {
      throw new IllegalArgumentException(
          "maxWaitingEvents: " + maxWaitingEvents + " (expected: 1 or more)");
    }
  }
}
