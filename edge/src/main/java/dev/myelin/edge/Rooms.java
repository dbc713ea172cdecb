package dev.myelin.edge;

import dev.myelin.edge.admin.AdminEndpoint;
import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.grpc.GrpcOptions;
import dev.myelin.edge.grpc.GrpcServices;
import dev.myelin.edge.grpc.GrpcSurface;
import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.stream.StreamEndpoint;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.web.SpacesEndpoint;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.concurrent.Executor;

/// Who answers requests that were let in.
record Rooms(GrpcSurface grpc, StreamEndpoint stream, SpacesEndpoint spaces, AdminEndpoint admin) {

  /// What all of them share.
  ///
  /// @param blocking runs what may block
  record Desk(Executor blocking, KeyWatch keys) {}

  static Rooms of(EdgeServices services, Readiness readiness, int maxMessageBytes, Desk desk) {
    Executor blocking = desk.blocking();
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
        new GrpcSurface(grpc, options, call -> watch(call, desk.keys())),
        new StreamEndpoint(services.observations(), desk.keys(), services.clock()),
        new SpacesEndpoint(blocking, services.memories()),
        new AdminEndpoint(blocking, services.access(), services.clock()));
  }

  /// The front door has looked at the key; a call that lasts ends when the key does.
  private static void watch(Call call, KeyWatch keys) {
    ServiceException dead = new ServiceException(ErrorCode.UNAUTHENTICATED, KeyWatch.DEAD);
    call.whenOver(keys.watch(call.principal(), () -> call.cut(dead))::close);
  }
}
