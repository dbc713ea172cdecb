package dev.myelin.edge;

import dev.myelin.edge.grpc.GrpcOptions;
import dev.myelin.edge.grpc.GrpcServices;
import dev.myelin.edge.grpc.GrpcSurface;
import dev.myelin.edge.stream.StreamEndpoint;
import dev.myelin.edge.web.BackupEndpoint;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.web.SpacesEndpoint;
import java.util.concurrent.Executor;

/// Who answers requests that were let in.
record Rooms(
    GrpcSurface grpc, StreamEndpoint stream, SpacesEndpoint spaces, BackupEndpoint backup) {

  /// @param blocking runs what may block
  static Rooms of(
      EdgeServices services, Readiness readiness, int maxMessageBytes, Executor blocking) {
    GrpcOptions options =
        new GrpcOptions(
            maxMessageBytes,
            GrpcOptions.DEFAULTS.maxWaitingRequests(),
            GrpcOptions.DEFAULTS.maxWaitingEvents());
    GrpcServices grpc =
        new GrpcServices(
            services.observations(),
            services.memories(),
            blocking,
            services.clock(),
            () -> readiness.state() == Readiness.State.READY,
            services.meters());
    return new Rooms(
        new GrpcSurface(grpc, options, _ -> {}), // the front door has looked at the key already
        new StreamEndpoint(services.observations(), services.clock()),
        new SpacesEndpoint(blocking, services.memories()),
        new BackupEndpoint(blocking, services.backups()));
  }
}
