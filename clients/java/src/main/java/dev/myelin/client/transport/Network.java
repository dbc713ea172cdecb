package dev.myelin.client.transport;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.wire.JsonObject;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// All connections of one client, and the event loops they live on. Any thread.
public final class Network implements AutoCloseable {
  private static final String STREAM_PATH = "/v1/stream";
  private static final String SERVICE_PATH = "/engram.v1.EngramService/";
  private static final String OBSERVE = "MemoryStream";
  private static final long CLOSE_SECONDS = 5;

  private final Endpoint endpoint;
  private final NetworkOptions options;
  private final Sockets sockets;
  private final Vertx vertx;
  private final HttpClient calls;
  private final Lazy<HttpClient> grpcStreams;
  private final Lazy<WebSocketClient> webSockets;

  public Network(Endpoint endpoint, NetworkOptions options) {
    this.endpoint = endpoint;
    this.options = options;
    this.sockets = new Sockets(endpoint, options);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(options.eventLoops())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setBlockedThreadCheckInterval(TimeUnit.HOURS.toMillis(1))
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    this.calls = sockets.calls(vertx);
    this.grpcStreams = new Lazy<>(() -> sockets.grpcStreams(vertx));
    this.webSockets = new Lazy<>(() -> sockets.webSockets(vertx));
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /// A loop of its own; loops share the event loop threads in turn.
  public Loop loop() {
    return new VertxLoop(vertx, context());
  }

  private ContextInternal context() {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  /// Whether the current thread is one of the event loops, which must not be blocked.
  public static boolean isEventLoop() {
    return io.vertx.core.Context.isOnEventLoopThread();
  }

  /// Opens a WebSocket for an observation stream; the listener is told, on the loop it is called
  /// on.
  public void openWebSocket(boolean text, Link.Listener listener) {
    WebSocketConnectOptions request =
        new WebSocketConnectOptions()
            .setHost(endpoint.host())
            .setPort(endpoint.port())
            .setSsl(endpoint.tls())
            .setTimeout(options.connectTimeout().toMillis())
            .setURI(endpoint.prefix() + STREAM_PATH);
    if (options.apiKey() != null) {
      request.addHeader("Authorization", "Bearer " + options.apiKey());
    }
    webSockets
        .get()
        .connect(request)
        .onSuccess(
            socket -> listener.connected(new WebSocketLink(socket, text, endpoint, listener)))
        .onFailure(cause -> listener.disconnected(Failures.connection(endpoint, cause)));
  }

  /// Opens a gRPC call for an observation stream; the listener is told, on the loop it is called
  /// on.
  public void openGrpc(Link.Listener listener) {
    grpcStreams
        .get()
        .request(grpc(OBSERVE))
        .onSuccess(request -> {
          GrpcLink link = new GrpcLink(request.setChunked(true), endpoint, listener);
          request
              .sendHead()
              .onSuccess(_ -> listener.connected(link))
              .onFailure(cause -> listener.disconnected(Failures.connection(endpoint, cause)));
        })
        .onFailure(cause -> listener.disconnected(Failures.connection(endpoint, cause)));
  }

  private RequestOptions grpc(String method) {
    return request(HttpMethod.POST, SERVICE_PATH + method)
        .putHeader("content-type", "application/grpc")
        .putHeader("te", "trailers");
  }

  private RequestOptions request(HttpMethod method, String path) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(method)
            .setHost(endpoint.host())
            .setPort(endpoint.port())
            .setSsl(endpoint.tls())
            .setConnectTimeout(options.connectTimeout().toMillis())
            .setURI(endpoint.prefix() + path);
    if (options.apiKey() != null) {
      request.putHeader("Authorization", "Bearer " + options.apiKey());
    }
    return request;
  }

  /// Sends one gRPC request and hands over each message of the answer, on one event loop.
  ///
  /// @param bounded whether the whole call must be over within the request timeout
  public Call call(String method, byte[] message, boolean bounded, Consumer<ByteBuffer> answers) {
    CallInProgress call = new CallInProgress();
    context()
        .runOnContext(_ ->
            calls
                .request(grpc(method))
                .onSuccess(request -> call.begin(request, message, bounded, answers))
                .onFailure(call::fail));
    return call;
  }

  /// One gRPC call.
  public interface Call {
    /// Completes when the call is over; fails with a [MyelinException].
    CompletableFuture<Void> done();

    /// Asks whether the server is still there; completes when it answers.
    CompletableFuture<Void> ping();

    /// Ends the call; it fails with CLOSED.
    void cancel();
  }

  private final class CallInProgress implements Call {
    private static final long CANCEL = 8;

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final CompletableFuture<HttpClientRequest> sent = new CompletableFuture<>();

    void begin(
        HttpClientRequest request, byte[] message, boolean bounded, Consumer<ByteBuffer> answers) {
      new GrpcAnswer(
              endpoint,
              answers,
              failure -> {
                if (failure == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(failure);
                }
              })
          .of(request);
      if (bounded) {
        long timer =
            vertx.setTimer(
                options.requestTimeout().toMillis(),
                _ -> {
                  fail(new TimeoutException());
                  request.reset(CANCEL);
                });
        var _ = done.whenComplete((_, _) -> vertx.cancelTimer(timer));
      }
      request.end(framed(message));
      sent.complete(request);
    }

    void fail(Throwable cause) {
      done.completeExceptionally(Failures.connection(endpoint, cause));
      sent.completeExceptionally(cause);
    }

    @Override
    public CompletableFuture<Void> done() {
      return done;
    }

    @Override
    public CompletableFuture<Void> ping() {
      return sent.thenCompose(request ->
          request
              .connection()
              .ping(Buffer.buffer(Long.BYTES).appendLong(1))
              .<Void>mapEmpty()
              .toCompletionStage());
    }

    @Override
    public void cancel() {
      done.completeExceptionally(
          new MyelinException(MyelinException.CLOSED, "The call was cancelled.", null));
      var _ = sent.thenAccept(request -> request.reset(CANCEL));
    }
  }

  private static Buffer framed(byte[] message) {
    return BufferInternal.buffer(
        Unpooled.buffer(GrpcReader.PREFIX_BYTES + message.length)
            .writeByte(0)
            .writeInt(message.length)
            .writeBytes(message));
  }

  /// Reads a JSON object of the REST surface; fails with a [MyelinException].
  public CompletableFuture<JsonObject> get(String path) {
    CompletableFuture<JsonObject> found = new CompletableFuture<>();
    context()
        .runOnContext(_ ->
            calls
                .request(request(HttpMethod.GET, path))
                .compose(HttpClientRequest::send)
                .compose(response -> response.body().map(body -> json(response.statusCode(), body)))
                .timeout(options.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(found::complete)
                .onFailure(
                    cause -> found.completeExceptionally(Failures.connection(endpoint, cause))));
    return found;
  }

  private JsonObject json(int status, Buffer body) {
    if (status / 100 != 2) {
      throw Failures.http(endpoint, status, body.toString());
    }
    try {
      return JsonObject.parse(ByteBuffer.wrap(body.getBytes()));
    } catch (IOException e) {
      throw JsonObject.unreadable(e);
    }
  }

  /// Ends all connections, and the event loops with them. Waits a little; not from an event loop.
  @Override
  public void close() {
    Future<Void> closed = vertx.close();
    if (!isEventLoop()) {
      try {
        closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException _) {
        // Its threads are daemons: they hold nothing up.
      }
    }
  }
}
