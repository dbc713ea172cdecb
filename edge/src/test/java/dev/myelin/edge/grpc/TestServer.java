package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.Principal;
import dev.myelin.stream.ObservationService;
import dev.myelin.stream.StreamConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A whole server, but for the other surfaces: journal, engine, sessions, sockets.
final class TestServer implements AutoCloseable {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final RocksJournal journal;
  final MemoryEngine memories;
  final ObservationService observations;
  final int port;
  volatile boolean ready = true;

  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final Vertx vertx = Vertx.vertx();

  TestServer(Path folder) {
    this(folder, call -> {}, GrpcOptions.DEFAULTS);
  }

  TestServer(Path folder, Consumer<Call> guard, GrpcOptions options) {
    this(folder, guard, options, List.of());
  }

  /// @param more a service beside that of memories
  TestServer(Path folder, GrpcModule more) {
    this(folder, _ -> {}, GrpcOptions.DEFAULTS, List.of(more));
  }

  private TestServer(
      Path folder, Consumer<Call> guard, GrpcOptions options, List<GrpcModule> more) {
    InstantSource clock = InstantSource.system();
    journal = RocksJournal.open(folder.resolve("journal"), JournalConfig.DEFAULT, clock, meters);
    memories =
        MemoryEngine.open(
            MemoryConfig.DEFAULT, journal, folder.resolve("index"), null, clock, meters);
    observations =
        ObservationService.open(StreamConfig.DEFAULT, journal, memories, clock, meters, blocking);
    GrpcSurface surface =
        new GrpcSurface(
            new GrpcServices(observations, memories, blocking, clock, () -> ready, meters),
            options,
            more,
            guard);
    HttpServer server =
        await(
            vertx
                .createHttpServer(GrpcSurface.tuned(new HttpServerOptions()))
                .requestHandler(request -> {
                  if (GrpcSurface.serves(request)) {
                    surface.handle(request, Principal.ROOT);
                  } else {
                    request.response().setStatusCode(404).end();
                  }
                })
                .listen(0, "127.0.0.1"));
    port = server.actualPort();
  }

  private static <T> T await(io.vertx.core.Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    observations.close();
    memories.close();
    journal.close();
    blocking.close();
  }
}
