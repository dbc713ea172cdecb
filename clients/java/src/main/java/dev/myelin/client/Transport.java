package dev.myelin.client;

/// How observations travel. All of them have the same sessions: one that was opened over one
/// transport can be resumed over another.
public enum Transport {
  /// WebSocket with protobuf frames: the fastest.
  BINARY,
  /// WebSocket with JSON frames; embeddings are base64 of their float32 values.
  JSON,
  /// WebSocket with JSON frames; embeddings are arrays of numbers, as a simple client writes them.
  JSON_NUMBERS,
  /// gRPC.
  GRPC
}
