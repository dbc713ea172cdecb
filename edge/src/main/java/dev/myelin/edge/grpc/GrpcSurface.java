package dev.myelin.edge.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.edge.grpc.call.CallRouter;
import dev.myelin.edge.grpc.call.Rpc;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.proto.engram.v1.ExperienceRequest;
import dev.myelin.proto.engram.v1.ForgetRequest;
import dev.myelin.proto.engram.v1.IntrospectRequest;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.RecognizeRequest;
import dev.myelin.proto.engram.v1.RememberRequest;
import dev.myelin.proto.engram.v1.ReminisceRequest;
import dev.myelin.proto.engram.v1.Service;
import dev.myelin.proto.grpc.health.v1.HealthProto;
import dev.myelin.proto.grpc.reflection.v1.ReflectionProto;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All gRPC services of the server, answering HTTP requests.
///
/// Give it the requests that [#serves(HttpServerRequest)] says yes to, on the server's event loops:
/// gRPC over HTTP/2 and gRPC-Web over either version share the port with everything else.
public final class GrpcSurface {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcSurface.class);
  private static final String ENGRAM = "engram.v1.EngramService";

  private static final int STREAM_WINDOW = 256 * 1024;
  private static final int CONNECTION_WINDOW = 4 * STREAM_WINDOW;
  private static final int MAX_CALLS = 1_000;

  private final CallRouter router;

  /// Loads the description of the memory service, if it is not loaded yet, which takes a while.
  public static void load() {
    LOG.trace("{} is loaded", Service.getDescriptor().getName());
  }

  /// The memory service alone; see the other.
  public GrpcSurface(GrpcServices services, GrpcOptions options, Consumer<Call> guard) {
    this(services, options, List.of(), guard);
  }

  /// @param more services beside that of memories
  /// @param guard sees each call first and throws for one that may not be made; not asked for
  ///   health
  public GrpcSurface(
      GrpcServices services, GrpcOptions options, List<GrpcModule> more, Consumer<Call> guard) {
    Map<String, Rpc> rpcs = new HashMap<>();
    Set<String> names = new HashSet<>(Set.of(ENGRAM, HealthRpcs.SERVICE, ReflectionRpcs.SERVICE));
    List<FileDescriptor> files = new ArrayList<>();
    files.add(Service.getDescriptor());
    files.add(HealthProto.getDescriptor());
    files.add(ReflectionProto.getDescriptor());
    engram(services, options).forEach((name, rpc) -> rpcs.put("/" + ENGRAM + "/" + name, rpc));
    for (GrpcModule module : more) {
      names.add(module.name());
      files.add(module.file());
      module.rpcs().forEach((name, rpc) -> rpcs.put("/" + module.name() + "/" + name, rpc));
    }
    rpcs.putAll(new ReflectionRpcs(files).rpcs(options.maxWaitingRequests()));
    rpcs.replaceAll((path, rpc) -> guarded(rpc, guard));
    rpcs.putAll(new HealthRpcs(names, services.ready()).rpcs());
    router = new CallRouter(rpcs, options.maxMessageBytes());
  }

  /// Settings of HTTP/2 that streams need: windows that keep a fast sender going, and calls enough
  /// for a client that shares one connection.
  public static HttpServerOptions tuned(HttpServerOptions options) {
    Http2Settings settings = new Http2Settings(options.getInitialSettings());
    return options
        .setInitialSettings(
            settings.setInitialWindowSize(STREAM_WINDOW).setMaxConcurrentStreams(MAX_CALLS))
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW);
  }

  /// Whether a request is a gRPC call, by its content type.
  public static boolean serves(HttpServerRequest request) {
    return CallRouter.isCall(request);
  }

  /// Answers a call that is made on somebody's behalf, on its event loop.
  public void handle(HttpServerRequest request, Principal principal) {
    router.handle(request, principal);
  }

  private static Rpc guarded(Rpc rpc, Consumer<Call> guard) {
    return call -> {
      guard.accept(call);
      return rpc.begin(call);
    };
  }

  private static Map<String, Rpc> engram(GrpcServices services, GrpcOptions options) {
    Remembering remembering = new Remembering(services.memories());
    Recalling recalling = new Recalling(services);
    int waiting = options.maxWaitingRequests();
    Rpc observe = call -> ObservationCall.begin(call, services.observations(), services.clock());
    Map<String, Rpc> rpcs = new HashMap<>();
    rpcs.put("ObserveStream", observe);
    rpcs.put("MemoryStream", observe);
    rpcs.put("RecallStream", call -> RecallStream.begin(call, recalling, services));
    rpcs.put("MemoryFlow", call -> MemoryFlow.begin(call, services, options));
    rpcs.put("Stream", call -> ActivityStream.begin(call, services, options.maxWaitingEvents()));
    var remember = RememberRequest.getDefaultInstance();
    rpcs.put("Remember", Replies.unary(remember, remembering::remember));
    rpcs.put("StreamingRemember", Replies.inOrder(remember, remembering::remember, waiting));
    var recall = RecallRequest.getDefaultInstance();
    rpcs.put("Recall", Replies.unary(recall, recalling::recall));
    rpcs.put("StreamingRecall", Replies.inOrder(recall, recalling::recall, waiting));
    rpcs.put(
        "Experience",
        Replies.unary(ExperienceRequest.getDefaultInstance(), remembering::experience));
    rpcs.put(
        "Recognize", Replies.unary(RecognizeRequest.getDefaultInstance(), recalling::recognize));
    rpcs.put(
        "Reminisce",
        Replies.unary(
            ReminisceRequest.getDefaultInstance(), new Reminiscing(recalling)::reminisce));
    rpcs.put(
        "Forget",
        Replies.unary(ForgetRequest.getDefaultInstance(), new Forgetting(services)::forget));
    rpcs.put(
        "Introspect",
        Replies.unary(
            IntrospectRequest.getDefaultInstance(), new Introspection(services)::introspect));
    for (var method : Service.getDescriptor().findServiceByName("EngramService").getMethods()) {
      rpcs.putIfAbsent(method.getName(), call -> unsupported(method.getName()));
    }
    return rpcs;
  }

  private static CallListener unsupported(String method) {
    throw new ServiceException(
        ErrorCode.UNSUPPORTED,
        method
            + " is part of the protocol but not of this server. Supported are ObserveStream,"
            + " MemoryStream, RecallStream, Remember, Recall, Forget, Recognize, Experience,"
            + " Reminisce, Introspect, StreamingRemember, StreamingRecall, MemoryFlow and Stream.");
  }
}
