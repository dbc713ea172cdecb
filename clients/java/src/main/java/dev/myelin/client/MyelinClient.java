package dev.myelin.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.myelin.client.model.ForgetMode;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.RecalledMemory;
import dev.myelin.client.model.Recollection;
import dev.myelin.client.model.SpaceInfo;
import dev.myelin.client.transport.Endpoint;
import dev.myelin.client.transport.Link;
import dev.myelin.client.transport.Loop;
import dev.myelin.client.transport.Network;
import dev.myelin.client.transport.NetworkOptions;
import dev.myelin.client.wire.Codec;
import dev.myelin.client.wire.JsonCodec;
import dev.myelin.client.wire.ProtobufCodec;
import dev.myelin.client.wire.Recalls;
import dev.myelin.client.wire.Reply;
import dev.myelin.client.wire.Spaces;
import dev.myelin.proto.engram.v1.ForgetRequest;
import dev.myelin.proto.engram.v1.ForgetResponse;
import dev.myelin.proto.engram.v1.StreamingRecallResponse;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A client of one Myelin server. Any thread; one per server is enough.
///
/// Futures fail with a [MyelinException] and complete on the client's own threads: what depends on
/// them must be quick and must not block. Connections are made when they are first needed.
public final class MyelinClient implements AutoCloseable {
  private final ClientOptions options;
  private final Network network;
  private final Set<ObservationStream> streams = ConcurrentHashMap.newKeySet();
  private final Set<Tail> tails = ConcurrentHashMap.newKeySet();

  private MyelinClient(URI server, ClientOptions options) {
    this.options = options;
    this.network =
        new Network(
            Endpoint.of(server),
            new NetworkOptions(
                options.apiKey(),
                options.certificates(),
                options.trustAll(),
                options.connectTimeout(),
                options.requestTimeout(),
                options.eventLoops()));
  }

  /// A client of the server at an address such as `http://127.0.0.1:8080`, or `https://...`.
  ///
  /// @throws IllegalArgumentException if it is no such address
  public static MyelinClient connect(String server) {
    return connect(URI.create(server), ClientOptions.DEFAULT);
  }

  /// A client of the server at an address such as `http://127.0.0.1:8080`, or `https://...`.
  ///
  /// @throws IllegalArgumentException if it is no such address
  public static MyelinClient connect(URI server, ClientOptions options) {
    return new MyelinClient(server, options);
  }

  /// Opens a stream of observations, and waits until the session is open.
  ///
  /// @throws MyelinException if there is no connection, or the server refuses the session
  public ObservationStream open(StreamOptions wanted) {
    return join(openAsync(wanted));
  }

  /// Opens a stream of observations; completes when the session is open.
  public CompletableFuture<ObservationStream> openAsync(StreamOptions wanted) {
    Loop loop = network.loop();
    Semaphore credit = new Semaphore(wanted.maxInFlight());
    Courier courier =
        new Courier(
            new Courier.Equipment(
                loop,
                codec(),
                opener(),
                new Backoff(options.retry(), new SecureRandom()),
                credit::release),
            options,
            wanted);
    ObservationStream stream =
        new ObservationStream(courier, loop, credit, options.closeTimeout(), wanted);
    streams.add(stream);
    var _ = stream.ended().thenRun(() -> streams.remove(stream));
    loop.execute(courier::start);
    return courier.ready().thenApply(_ -> stream);
  }

  private Codec codec() {
    return switch (options.transport()) {
      case BINARY, GRPC -> new ProtobufCodec();
      case JSON -> new JsonCodec(false);
      case JSON_NUMBERS -> new JsonCodec(true);
    };
  }

  private Consumer<Link.Listener> opener() {
    return switch (options.transport()) {
      case GRPC -> network::openGrpc;
      case BINARY -> listener -> network.openWebSocket(false, listener);
      case JSON, JSON_NUMBERS -> listener -> network.openWebSocket(true, listener);
    };
  }

  /// Looks for memories.
  public CompletableFuture<Recollection> recall(RecallQuery query) {
    List<RecalledMemory> found = new ArrayList<>();
    return recall(query, found::add)
        .thenApply(summary ->
            new Recollection(
                found, summary.snapshotSequence(), summary.considered(), summary.took()));
  }

  /// Looks for memories and hands each over as soon as it is there, best first, on the client's own
  /// thread. Completes with the answer's figures, and no memories, when there are no more.
  public CompletableFuture<Recollection> recall(RecallQuery query, Consumer<RecalledMemory> each) {
    AtomicReference<Recollection> summary =
        new AtomicReference<>(new Recollection(List.of(), 0, 0, java.time.Duration.ZERO));
    Network.Call call =
        network.call(
            "RecallStream",
            Recalls.request(query).toByteArray(),
            true,
            message -> {
              Reply.Found batch = Recalls.found(parse(StreamingRecallResponse.parser(), message));
              summary.set(
                  new Recollection(
                      List.of(), batch.snapshotSequence(), batch.considered(), batch.took()));
              batch.memories().forEach(each);
            });
    return call.done().thenApply(_ -> summary.get());
  }

  /// Forgets a memory; completes when it is durable and no later recall finds it.
  ///
  /// @return how many memories it affected: 0 if there was none of that name
  public CompletableFuture<Integer> forget(String space, String memoryId, ForgetMode mode) {
    ForgetRequest request =
        ForgetRequest.newBuilder()
            .setMemorySpaceId(space)
            .setMemoryId(memoryId)
            .setMode(
                switch (mode) {
                  case DELETE -> dev.myelin.proto.engram.v1.ForgetMode.FORGET_MODE_DELETE;
                  case SUPPRESS -> dev.myelin.proto.engram.v1.ForgetMode.FORGET_MODE_SUPPRESS;
                  case RESTORE -> dev.myelin.proto.engram.v1.ForgetMode.FORGET_MODE_RESTORE;
                })
            .build();
    AtomicReference<Integer> affected = new AtomicReference<>(0);
    return network
        .call(
            "Forget",
            request.toByteArray(),
            true,
            message -> affected.set(parse(ForgetResponse.parser(), message).getMemoriesAffected()))
        .done()
        .thenApply(_ -> affected.get());
  }

  /// All spaces, in order of name.
  public CompletableFuture<List<SpaceInfo>> spaces() {
    return network.get("/v1/spaces").thenApply(Spaces::of);
  }

  /// Follows what happens in a space from now on; goes on by itself after a broken connection, and
  /// then says how much it missed. Ends when it is closed, or for a reason that would not go away.
  ///
  /// @param listener called on the client's own thread: must be quick and must not block
  public Tail tail(String space, TailListener listener) {
    Tail tail =
        new Tail(
            network, options, space, listener, new Backoff(options.retry(), new SecureRandom()));
    tails.add(tail);
    var _ = tail.ended().whenComplete((_, _) -> tails.remove(tail));
    tail.start();
    return tail;
  }

  static <T extends MessageLite> T parse(Parser<T> parser, ByteBuffer message) {
    try {
      return parser.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new MyelinException(
          MyelinException.PROTOCOL,
          "The server sent a message that this client cannot read.",
          null,
          e);
    }
  }

  /// Waits for a future of this client.
  ///
  /// @throws MyelinException what it failed with
  static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MyelinException known) {
        throw known;
      }
      throw e;
    }
  }

  /// Ends all connections at once. Streams that are still open are cut off: close them before.
  @Override
  public void close() {
    streams.forEach(ObservationStream::abort);
    tails.forEach(Tail::close);
    network.close();
  }
}
