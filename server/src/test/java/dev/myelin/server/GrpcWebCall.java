package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.myelin.testkit.Eventually;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One call of a service as browsers make it: one request, answers read one by one.
final class GrpcWebCall implements AutoCloseable {
  private static final byte TRAILERS = (byte) 0x80;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final DataInputStream answers;
  private String trailers = "";

  private GrpcWebCall(DataInputStream answers) {
    this.answers = answers;
  }

  static GrpcWebCall open(Admin who, String method, MessageLite request)
      throws IOException, InterruptedException {
    byte[] message = request.toByteArray();
    byte[] frame =
        ByteBuffer.allocate(5 + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    HttpRequest call =
        HttpRequest.newBuilder(LibraryApi.uri(who.port(), "/" + method))
            .timeout(Eventually.DEADLINE)
            .header("content-type", "application/grpc-web+proto")
            .header("authorization", "Bearer " + who.key())
            .POST(BodyPublishers.ofByteArray(frame))
            .build();
    HttpResponse<java.io.InputStream> answer = HTTP.send(call, BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new GrpcWebCall(new DataInputStream(answer.body()));
  }

  /// The only answer of a call that went well.
  static <A extends Message> A unary(
      Admin who, String method, MessageLite request, Parser<A> parser)
      throws IOException, InterruptedException {
    try (GrpcWebCall call = open(who, method, request)) {
      A answer = call.next(parser);
      assertThat(call.end()).contains("grpc-status: 0");
      return answer;
    }
  }

  /// The next answer; waits for it.
  <A extends Message> A next(Parser<A> parser) throws IOException {
    byte[] message = frame();
    assertThat(trailers).as("an answer comes").isEmpty();
    return parser.parseFrom(message);
  }

  /// How the call ended, after its last answer.
  String end() throws IOException {
    var _ = frame();
    return trailers;
  }

  private byte[] frame() throws IOException {
    byte flag = answers.readByte();
    byte[] content = answers.readNBytes(answers.readInt());
    if (flag == TRAILERS) {
      trailers = new String(content, StandardCharsets.UTF_8);
    }
    return content;
  }

  @Override
  public void close() throws IOException {
    answers.close();
  }
}
