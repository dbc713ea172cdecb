package dev.myelin.edge;

import dev.myelin.edge.admin.AdminEndpoint;
import dev.myelin.edge.admin.BackupEndpoint;
import dev.myelin.edge.auth.Credentials;
import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.channel.ChannelDesk;
import dev.myelin.edge.channel.ChannelRoutes;
import dev.myelin.edge.channel.ConnectionRoutes;
import dev.myelin.edge.channel.Ears;
import dev.myelin.edge.channel.Pace;
import dev.myelin.edge.fanout.FanOut;
import dev.myelin.edge.gateway.connection.Ground;
import dev.myelin.edge.gateway.socket.Gateway;
import dev.myelin.edge.grpc.GrpcOptions;
import dev.myelin.edge.grpc.GrpcServices;
import dev.myelin.edge.grpc.GrpcSurface;
import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.channel.ChannelRpcs;
import dev.myelin.edge.job.IndexRoutes;
import dev.myelin.edge.job.JobRoutes;
import dev.myelin.edge.library.BatchRoutes;
import dev.myelin.edge.library.DocumentReader;
import dev.myelin.edge.library.DocumentRoutes;
import dev.myelin.edge.library.DocumentStreamRoutes;
import dev.myelin.edge.library.LibraryRoutes;
import dev.myelin.edge.library.SearchRoutes;
import dev.myelin.edge.library.feed.EventStreamRoutes;
import dev.myelin.edge.library.feed.FeedRoutes;
import dev.myelin.edge.library.socket.LibrarySockets;
import dev.myelin.edge.rest.IdempotencyKeys;
import dev.myelin.edge.rest.IdempotencyStore;
import dev.myelin.edge.rest.RestOptions;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.Router;
import dev.myelin.edge.stream.StreamEndpoint;
import dev.myelin.edge.token.TokenRoutes;
import dev.myelin.edge.web.Readiness;
import dev.myelin.edge.web.SpacesEndpoint;
import dev.myelin.edge.webhook.WebhookRoutes;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
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
    Gateway gateway,
    AdminEndpoint admin,
    BackupEndpoint backup,
    Executor blocking) {

  /// What all of them share.
  ///
  /// @param blocking runs what may block
  /// @param credentials tells who shows something later than at the front door
  /// @param fanOut tells all connections what happens in channels
  record Desk(Executor blocking, KeyWatch keys, Credentials credentials, FanOut fanOut) {}

  static Rooms of(EdgeServices services, Readiness readiness, EdgeOptions options, Desk desk) {
    Executor blocking = desk.blocking();
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
            services.libraries(),
            new DocumentReader(services.libraryBounds()),
            desk.keys(),
            desk.fanOut(),
            blocking);
    ChannelDesk channels =
        new ChannelDesk(
            services.channels(),
            services.source(),
            new Ears(desk.fanOut()),
            new Pace(services.live().limits()));
    ChannelRpcs channelRpcs = new ChannelRpcs(channels, blocking, options.rest().writeTimeout());
    return new Rooms(
        new GrpcSurface(
            grpc, grpcOptions, List.of(channelRpcs.module()), call -> watch(call, desk.keys())),
        new StreamEndpoint(services.observations(), desk.keys(), services.clock()),
        new SpacesEndpoint(blocking, services.memories()),
        rest(services, options.rest(), new Shared(sockets, channels), desk),
        sockets,
        gateway(services, options, desk),
        new AdminEndpoint(blocking, services.access(), services.clock()),
        new BackupEndpoint(blocking, services.backups()),
        blocking);
  }

  private static Gateway gateway(EdgeServices services, EdgeOptions options, Desk desk) {
    LiveServices live = services.live();
    Ground ground =
        new Ground(
            live.gateway(),
            new Ground.Access(desk.credentials(), desk.keys(), live.limits()),
            new Ground.Live(live.connections(), live.sessions(), live.presence(), live.wheel()),
            desk.fanOut(),
            services.source(),
            services.channels(),
            desk.blocking(),
            services.clock(),
            services.version());
    return new Gateway(ground, options.sockets(), services.meters());
  }

  /// The front door has looked at the key; a call that lasts ends when the key does.
  private static void watch(Call call, KeyWatch keys) {
    ServiceException dead = new ServiceException(ErrorCode.UNAUTHENTICATED, KeyWatch.DEAD);
    call.whenOver(keys.watch(call.principal(), () -> call.cut(dead))::close);
  }

  /// What routes share with other surfaces.
  private record Shared(LibrarySockets sockets, ChannelDesk channels) {}

  private static RestSurface rest(
      EdgeServices services, RestOptions options, Shared shared, Desk desk) {
    IdempotencyStore store =
        IdempotencyStore.open(services.journal(), services.clock(), options.maxIdempotencyKeys());
    return new RestSurface(
        new Router(routes(services, options, shared)),
        options,
        desk.blocking(),
        new IdempotencyKeys(store),
        desk.keys());
  }

  private static List<Route> routes(EdgeServices services, RestOptions options, Shared shared) {
    DocumentReader reader = new DocumentReader(services.libraryBounds());
    return Stream.of(
            new LibraryRoutes(services.libraries()).routes(),
            new DocumentRoutes(services.libraries(), reader).routes(),
            new BatchRoutes(services.libraries(), reader).routes(),
            new DocumentStreamRoutes(services.libraries(), reader).routes(),
            new SearchRoutes(services.libraries()).routes(),
            new JobRoutes(services.jobs(), services.libraries(), reader).routes(),
            new IndexRoutes(services.jobs(), services.libraries()).routes(),
            new FeedRoutes(services.libraries()).routes(),
            new EventStreamRoutes(services.libraries(), options.commentInterval()).routes(),
            new WebhookRoutes(services.webhooks()).routes(),
            new TokenRoutes(services.tokens(), services.clock()).routes(),
            new ChannelRoutes(shared.channels(), options.commentInterval()).routes(),
            new ConnectionRoutes(services.live().connections(), shared.sockets()::open).routes())
        .flatMap(List::stream)
        .toList();
  }
}
