package dev.myelin.edge.grpc;

import com.google.protobuf.Message;
import dev.myelin.testkit.Eventually;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A client made of grpc-java that has seen nothing but the .proto files.
final class Stranger implements AutoCloseable {
  static final long SECONDS = 30;

  final ManagedChannel channel;
  CallOptions options = CallOptions.DEFAULT;

  Stranger(int port) {
    this(port, builder -> builder);
  }

  Stranger(int port, UnaryOperator<NettyChannelBuilder> settings) {
    channel =
        settings.apply(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext()).build();
  }

  static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
      String name, MethodType type, Q request, A answer) {
    return MethodDescriptor.<Q, A>newBuilder()
        .setFullMethodName(name.contains("/") ? name : "engram.v1.EngramService/" + name)
        .setType(type)
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(answer))
        .build();
  }

  <Q extends Message, A extends Message> A unary(String name, Q request, A answer) {
    return unary(name, request, answer, Map.of());
  }

  @SuppressWarnings("unchecked") // A message's default instance is of its own type.
  <Q extends Message, A extends Message> A unary(
      String name, Q request, A answer, Map<String, String> metadata) {
    return ClientCalls.blockingUnaryCall(
        io.grpc.ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(metadata(metadata))),
        method(name, MethodType.UNARY, (Q) request.getDefaultInstanceForType(), answer),
        options.withDeadlineAfter(SECONDS, TimeUnit.SECONDS),
        request);
  }

  <Q extends Message, A extends Message> Talk<Q, A> talk(String name, Q request, A answer) {
    return new Talk<>(
        channel.newCall(method(name, MethodType.BIDI_STREAMING, request, answer), options));
  }

  private static Metadata metadata(Map<String, String> pairs) {
    Metadata metadata = new Metadata();
    pairs.forEach((name, value) ->
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return metadata;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    Eventually.until("the client is down", channel::isTerminated);
  }

  /// One call with many messages in both directions, read as fast as the test takes them.
  static final class Talk<Q, A> {
    final ClientCall<Q, A> call;
    final CompletableFuture<Status> ended = new CompletableFuture<>();
    final CompletableFuture<Metadata> headers = new CompletableFuture<>();
    volatile Metadata trailers = new Metadata();
    private final BlockingQueue<A> answers = new ArrayBlockingQueue<>(200_000);

    Talk(ClientCall<Q, A> call) {
      this(call, Integer.MAX_VALUE);
    }

    /// @param credit how many answers are read without being asked for
    Talk(ClientCall<Q, A> call, int credit) {
      this.call = call;
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onHeaders(Metadata metadata) {
              headers.complete(metadata);
            }

            @Override
            public void onMessage(A answer) {
              answers.add(answer);
            }

            @Override
            public void onClose(Status status, Metadata metadata) {
              trailers = metadata;
              ended.complete(status);
            }
          },
          new Metadata());
      if (credit > 0) {
        call.request(credit);
      }
    }

    void send(Q request) {
      call.sendMessage(request);
    }

    A next() {
      return poll().orElseThrow(() -> new AssertionError("no answer; ended: " + ended));
    }

    /// Answers that came and were not taken.
    int unread() {
      return answers.size();
    }

    private Optional<A> poll() {
      try {
        @Nullable A answer = answers.poll(SECONDS, TimeUnit.SECONDS);
        return Optional.ofNullable(answer);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    boolean isQuiet() {
      return answers.isEmpty();
    }

    int waiting() {
      return answers.size();
    }

    Status end() {
      try {
        return ended.get(SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("the call did not end", e);
      }
    }

    String trailer(String name) {
      String value = trailers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
      return value == null ? "" : value;
    }
  }
}
