package dev.myelin.edge.socket;

import dev.myelin.edge.auth.AccessControl;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.net.NetSocketInternal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes WebSockets of requests (RFC 6455, section 4.2) and knows those that are open. Any thread.
public final class WebSocketUpgrade {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgrade.class);
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String EXTENSIONS = "sec-websocket-extensions";
  private static final int KEY_BYTES = 16;

  /// What is behind the last handler.
  private static final ChannelHandler END = new PipelineEnd();

  private final SocketOptions options;
  private final boolean skips;
  private final Deflate deflate;
  private final Map<EventLoop, SocketTimer> timers = new ConcurrentHashMap<>();

  public WebSocketUpgrade(SocketOptions options) {
    this(options, false, 0);
  }

  /// @param skips whether a message that is too long is passed over, and does not close the socket
  /// @param worthItBytes shorter messages are not compressed
  public WebSocketUpgrade(SocketOptions options, boolean skips, int worthItBytes) {
    this.options = options;
    this.skips = skips;
    this.deflate = new Deflate(options.maxMessageBytes(), worthItBytes);
  }

  /// Whether a request asks for a WebSocket.
  public static boolean isWanted(HttpServerRequest request) {
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    return upgrade != null && "websocket".equalsIgnoreCase(upgrade.strip());
  }

  /// Answers a request that asks for a WebSocket: with one, or with what is wrong with it.
  ///
  /// @param listeners makes the listener of the new socket, on its event loop
  public void upgrade(
      HttpServerRequest request, Function<WebSocketChannel, SocketListener> listeners) {
    upgrade(request, listeners, () -> {});
  }

  /// The same.
  ///
  /// @param refused told if no socket comes of it
  public void upgrade(
      HttpServerRequest request,
      Function<WebSocketChannel, SocketListener> listeners,
      Runnable refused) {
    String key = request.getHeader("sec-websocket-key");
    String problem = problem(request, key);
    if (problem != null || key == null) {
      request.response().setStatusCode(400).end(problem + "\n");
      refused.run();
      return;
    }
    if (!"13".equals(request.getHeader("sec-websocket-version"))) {
      request
          .response()
          .setStatusCode(426)
          .putHeader("sec-websocket-version", "13")
          .end("Sec-WebSocket-Version: this server speaks version 13.\n");
      refused.run();
      return;
    }
    WebSocketServerExtension extension =
        options.compression() ? deflate.negotiate(offers(request)) : null;
    accept(request.response(), request, key, extension);
    request
        .toNetSocket()
        .onSuccess(socket ->
            takeOver(((NetSocketInternal) socket).channelHandlerContext(), extension, listeners))
        .onFailure(e -> {
          LOG.debug("a handshake failed", e);
          refused.run();
        });
  }

  private static @Nullable String problem(HttpServerRequest request, @Nullable String key) {
    if (request.version() != HttpVersion.HTTP_1_1 || !HttpMethod.GET.equals(request.method())) {
      return "A WebSocket begins with GET over HTTP/1.1.";
    }
    String connection = request.getHeader(HttpHeaders.CONNECTION);
    if (connection == null || !connection.toLowerCase(Locale.ROOT).contains("upgrade")) {
      return "A WebSocket's handshake has the header Connection: Upgrade.";
    }
    if (key == null || !isKey(key.strip())) {
      return "A WebSocket's handshake has a Sec-WebSocket-Key of 16 bytes in base64.";
    }
    return null;
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length == KEY_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void accept(
      HttpServerResponse response,
      HttpServerRequest request,
      String key,
      @Nullable WebSocketServerExtension extension) {
    response
        .putHeader(HttpHeaders.UPGRADE, "websocket")
        .putHeader(HttpHeaders.CONNECTION, "Upgrade")
        .putHeader("sec-websocket-accept", accepting(key.strip()));
    if (offersProtocol(request.getHeader("sec-websocket-protocol"))) {
      response.putHeader("sec-websocket-protocol", AccessControl.PROTOCOL);
    }
    if (extension != null) {
      DeflateOffer.answer(offers(request))
          .ifPresent(answer -> response.putHeader(EXTENSIONS, answer));
    }
  }

  /// The extensions that a client offers, of one header or several.
  private static String offers(HttpServerRequest request) {
    return String.join(",", request.headers().getAll(EXTENSIONS));
  }

  private static boolean offersProtocol(@Nullable String protocols) {
    return protocols != null
        && List.of(protocols.split("\\s*,\\s*", 16)).contains(AccessControl.PROTOCOL);
  }

  @SuppressWarnings("InsecureCryptoUsage") // RFC 6455 wants SHA-1 here, and not for security
  private static String accepting(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }

  private void takeOver(
      ChannelHandlerContext last,
      @Nullable WebSocketServerExtension extension,
      Function<WebSocketChannel, SocketListener> listeners) {
    ChannelPipeline pipeline = last.pipeline();
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(options.maxMessageBytes())
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(extension != null)
            .closeOnProtocolViolation(false)
            .build();
    if (skips) {
      pipeline.addBefore(last.name(), "skipper", new FrameSkipper(options.maxMessageBytes()));
    }
    pipeline.addBefore(last.name(), "frame-decoder", new WebSocket13FrameDecoder(config));
    pipeline.addBefore(last.name(), "frame-encoder", new WebSocket13FrameEncoder(false));
    if (extension != null) {
      pipeline.addBefore(last.name(), "inflate", new Inflation(options.maxMessageBytes()));
      pipeline.addBefore(last.name(), "deflate", extension.newExtensionEncoder());
    }
    EventLoop loop = last.channel().eventLoop();
    SocketTimer timer = timers.computeIfAbsent(loop, l -> new SocketTimer(l, options));
    WebSocketChannel.Features features = new WebSocketChannel.Features(extension != null, skips);
    pipeline.addLast("end", END);
    ChannelHandlerContext end = pipeline.context(END);
    pipeline.addBefore(
        "end", "socket", new WebSocketChannel(end, options, timer, features, listeners));
    // Vert.x has no part in it from here on, and would hold two queues of 4 KB for each connection.
    pipeline.remove(last.handler());
  }

  /// Ends a pipeline: everybody before it has somebody behind.
  @ChannelHandler.Sharable
  private static final class PipelineEnd extends ChannelInboundHandlerAdapter {}

  /// Sockets that are open.
  public int open() {
    return timers.values().stream().mapToInt(SocketTimer::size).sum();
  }

  /// Ends all sockets, each in its turn on its event loop.
  public void closeAll(int code, String reason) {
    timers.forEach((loop, timer) ->
        loop.execute(() -> timer.sockets().forEach(socket -> socket.close(code, reason))));
  }
}
