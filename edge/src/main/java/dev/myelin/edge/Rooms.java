package dev.myelin.edge;

import dev.myelin.edge.grpc.GrpcOptions;
import dev.myelin.edge.grpc.GrpcServices;
import dev.myelin.edge.grpc.GrpcSurface;
import dev.myelin.edge.library.BatchRoutes;
import dev.myelin.edge.library.DocumentReader;
import dev.myelin.edge.library.DocumentRoutes;
import dev.myelin.edge.library.DocumentStreamRoutes;
import dev.myelin.edge.library.EventStreamRoutes;
import dev.myelin.edge.library.FeedRoutes;
import dev.myelin.edge.library.LibraryRoutes;
import dev.myelin.edge.library.SearchRoutes;
import dev.myelin.edge.library.socket.LibrarySockets;
import dev.myelin.edge.rest.IdempotencyKeys;
import dev.myelin.edge.rest.IdempotencyStore;
import dev.myelin.edge.rest.RestOptions;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.Router;
import dev.myelin.edge.stream.StreamEndpoint;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.web.SpacesEndpoint;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/// Who answers requests that were let in.
record Rooms(
    GrpcSurface grpc,
    StreamEndpoint stream,
    SpacesEndpoint spaces,
    RestSurface rest,
    LibrarySockets librarySockets,
    Executor blocking) {

  /// @param blocking runs what may block
  static Rooms of(
      EdgeServices services, Readiness readiness, EdgeOptions options, Executor blocking) {
    GrpcOptions grpcOptions =
        new GrpcOptions(
            options.sockets().maxMessageBytes(),
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
    LibrarySockets sockets =
        new LibrarySockets(
            services.libraries(), new DocumentReader(services.libraryBounds()), blocking);
    return new Rooms(
        new GrpcSurface(grpc, grpcOptions, _ -> {}), // the front door has looked at the key already
        new StreamEndpoint(services.observations(), services.clock()),
        new SpacesEndpoint(blocking, services.memories()),
        rest(services, options.rest(), sockets, blocking),
        sockets,
        blocking);
  }

  private static RestSurface rest(
      EdgeServices services, RestOptions options, LibrarySockets sockets, Executor blocking) {
    IdempotencyStore store =
        IdempotencyStore.open(services.journal(), services.clock(), options.maxIdempotencyKeys());
    return new RestSurface(
        new Router(routes(services, options, sockets)),
        options,
        blocking,
        new IdempotencyKeys(store));
  }

  private static List<Route> routes(
      EdgeServices services, RestOptions options, LibrarySockets sockets) {
    DocumentReader reader = new DocumentReader(services.libraryBounds());
    return Stream.of(
            new LibraryRoutes(services.libraries()).routes(),
            new DocumentRoutes(services.libraries(), reader).routes(),
            new BatchRoutes(services.libraries(), reader).routes(),
            new DocumentStreamRoutes(services.libraries(), reader).routes(),
            new SearchRoutes(services.libraries()).routes(),
            new FeedRoutes(services.libraries()).routes(),
            new EventStreamRoutes(services.libraries(), options.commentInterval()).routes(),
            sockets.routes())
        .flatMap(List::stream)
        .toList();
  }
}
