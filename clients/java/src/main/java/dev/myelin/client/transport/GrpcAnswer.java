package dev.myelin.client.transport;

import dev.myelin.client.model.MyelinException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads what answers a gRPC request: messages, then the outcome, once. One thread.
final class GrpcAnswer {
  static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
  private static final int OK = 200;

  private final Endpoint endpoint;
  private final GrpcReader reader;
  private final Consumer<@Nullable MyelinException> end;
  private boolean over;

  /// Makes a reader.
  ///
  /// @param end told the failure, or null if the call ended well
  GrpcAnswer(
      Endpoint endpoint, Consumer<ByteBuffer> messages, Consumer<@Nullable MyelinException> end) {
    this.endpoint = endpoint;
    this.reader = new GrpcReader(MAX_MESSAGE_BYTES, messages);
    this.end = end;
  }

  void of(HttpClientRequest request) {
    request.exceptionHandler(this::failed);
    request.response().onSuccess(this::begin).onFailure(this::failed);
  }

  private void begin(HttpClientResponse response) {
    response.exceptionHandler(this::failed);
    if (response.statusCode() != OK) {
      response
          .body()
          .onComplete(body ->
              over(
                  Failures.http(
                      endpoint,
                      response.statusCode(),
                      body.succeeded() ? body.result().toString() : "")));
      return;
    }
    response.handler(this::read);
    response.endHandler(_ -> {
      boolean only = response.headers().contains("grpc-status");
      over(Failures.status(endpoint, only ? response.headers() : response.trailers()));
    });
  }

  private void read(Buffer bytes) {
    if (over) {
      return;
    }
    try {
      reader.read(((BufferInternal) bytes).getByteBuf());
    } catch (MyelinException e) {
      over(e);
    }
  }

  private void failed(Throwable cause) {
    over(Failures.connection(endpoint, cause));
  }

  private void over(@Nullable MyelinException outcome) {
    if (!over) {
      over = true;
      end.accept(outcome);
    }
  }
}
