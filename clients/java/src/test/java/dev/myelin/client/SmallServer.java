package dev.myelin.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// A small server that speaks the protocol over all transports, on one event loop: sessions of
/// [SmallSessions] behind real sockets.
final class SmallServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Set<ServerWebSocket> sockets = ConcurrentHashMap.newKeySet();
  private final SmallSessions sessions;

  SmallServer(SmallSessions sessions) {
    this.sessions = sessions;
    this.server =
        vertx
            .createHttpServer()
            .webSocketHandler(this::webSocket)
            .requestHandler(this::request)
            .listen(0, "127.0.0.1")
            .await();
  }

  int port() {
    return server.actualPort();
  }

  String address() {
    return "http://127.0.0.1:" + port();
  }

  private void webSocket(ServerWebSocket socket) {
    sockets.add(socket);
    SmallSessions.Connection connection = sessions.connect();
    socket.closeHandler(_ -> sockets.remove(socket));
    socket.binaryMessageHandler(frame ->
        connection.receive(
            parse(frame), reply -> socket.writeBinaryMessage(Buffer.buffer(reply.toByteArray()))));
    socket.textMessageHandler(frame ->
        connection.receive(
            SmallJson.request(frame), reply -> socket.writeTextMessage(SmallJson.reply(reply))));
  }

  private void request(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    switch (String.valueOf(request.path())) {
      case "/engram.v1.EngramService/MemoryStream" -> observe(request);
      case "/v1/spaces" ->
          response
              .putHeader("content-type", "application/json")
              .end("{\"spaces\":[{\"id\":\"notes\",\"dimension\":4,\"memories\":2}]}");
      default -> response.setStatusCode(404).end("{\"message\":\"no such place\"}");
    }
  }

  private void observe(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.putHeader("content-type", "application/grpc");
    SmallSessions.Connection connection = sessions.connect();
    Buffer[] bytes = {Buffer.buffer()};
    Consumer<ObservationResponse> replies =
        reply -> {
          byte[] message = reply.toByteArray();
          response.write(
              Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message));
        };
    request.exceptionHandler(_ -> {});
    response.exceptionHandler(_ -> {});
    request.handler(chunk -> {
      bytes[0].appendBuffer(chunk);
      int position = 0;
      while (bytes[0].length() - position >= 5
          && bytes[0].length() - position >= 5 + bytes[0].getInt(position + 1)) {
        int end = position + 5 + bytes[0].getInt(position + 1);
        connection.receive(parse(bytes[0].getBuffer(position + 5, end)), replies);
        position = end;
      }
      bytes[0] = bytes[0].getBuffer(position, bytes[0].length());
    });
  }

  private static ObservationRequest parse(Buffer frame) {
    try {
      return ObservationRequest.parseFrom(frame.getBytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
