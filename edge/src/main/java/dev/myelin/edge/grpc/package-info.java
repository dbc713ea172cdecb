/// The gRPC surface: `engram.v1.EngramService` with health and reflection.
///
/// The door is [GrpcSurface]. What one rpc does is in one class; they share the engine with every
/// other surface.
@NullMarked
package dev.myelin.edge.grpc;

import org.jspecify.annotations.NullMarked;
