package dev.myelin.edge.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.RecallResponse;
import dev.myelin.proto.engram.v1.RememberRequest;
import dev.myelin.proto.engram.v1.RememberResponse;
import dev.myelin.proto.engram.v1.SemanticCue;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.proto.engram.v1.StreamingRecallResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// gRPC-Web with nothing but an HTTP client, as a browser speaks it.
class GrpcWebIT {
  private static final String BINARY = "application/grpc-web+proto";
  private static final String TEXT = "application/grpc-web-text";

  @TempDir Path folder;
  private TestServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void open() {
    server = new TestServer(folder);
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  private record Frame(int flag, ByteString content) {}

  private static byte[] framed(MessageLite message) {
    byte[] bytes = message.toByteArray();
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private HttpResponse<byte[]> post(String rpc, String type, byte[] body, Version version)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port + "/engram.v1.EngramService/" + rpc))
            .version(version)
            .header("content-type", type)
            .header("x-grpc-web", "1")
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static List<Frame> frames(byte[] body) {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    List<Frame> frames = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int flag = bytes.get() & 0xff;
      byte[] content = new byte[bytes.getInt()];
      bytes.get(content);
      frames.add(new Frame(flag, ByteString.copyFrom(content)));
    }
    return frames;
  }

  private void remember(int number) throws Exception {
    for (int i = 1; i <= number; i++) {
      var answer =
          post(
              "Remember",
              BINARY,
              framed(
                  RememberRequest.newBuilder()
                      .setEpisode(Episode.newBuilder().setId("m" + i).setWhat("thing " + i))
                      .build()),
              Version.HTTP_1_1);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).contains(BINARY);
      List<Frame> frames = frames(answer.body());
      assertThat(frames).extracting(Frame::flag).containsExactly(0, 0x80);
      assertThat(RememberResponse.parseFrom(frames.get(0).content()).getMemoryId())
          .isEqualTo("m" + i);
      assertThat(frames.get(1).content().toStringUtf8()).isEqualTo("grpc-status: 0\r\n");
    }
  }

  private static Cue cue() {
    return Cue.newBuilder().setSemantic(SemanticCue.newBuilder().setQuery("thing")).build();
  }

  @Test
  void answersBinaryCallsOverEitherVersionOfHttp() throws Exception {
    remember(1);
    var answer =
        post(
            "Recall",
            BINARY,
            framed(RecallRequest.newBuilder().setCue(cue()).build()),
            Version.HTTP_2);
    assertThat(RecallResponse.parseFrom(frames(answer.body()).get(0).content()).getMemoriesCount())
        .isEqualTo(1);
  }

  @Test
  void answersTextCallsInBase64() throws Exception {
    remember(1);
    byte[] request = framed(RecallRequest.newBuilder().setCue(cue()).build());
    // A client may encode in pieces, each padded.
    String body =
        Base64.getEncoder().encodeToString(Arrays.copyOf(request, 4))
            + Base64.getEncoder().encodeToString(Arrays.copyOfRange(request, 4, request.length));
    var answer = post("Recall", TEXT, body.getBytes(US_ASCII), Version.HTTP_1_1);
    assertThat(answer.headers().firstValue("content-type")).contains(TEXT + "+proto");
    List<Frame> frames = frames(decode(answer.body()));
    assertThat(RecallResponse.parseFrom(frames.get(0).content()).getMemoriesCount()).isEqualTo(1);
    assertThat(frames.get(1).content().toStringUtf8()).isEqualTo("grpc-status: 0\r\n");
  }

  private static byte[] decode(byte[] text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length);
    int from = 0;
    for (int end = 4; end <= text.length; end += 4) {
      if (text[end - 1] == '=' || end == text.length) {
        bytes.put(Base64.getDecoder().decode(Arrays.copyOfRange(text, from, end)));
        from = end;
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  @Test
  void streamsAndPutsTheStatusInTheLastFrame() throws Exception {
    remember(12);
    var answer =
        post(
            "RecallStream",
            BINARY,
            framed(StreamingRecallRequest.newBuilder().setCue(cue()).build()),
            Version.HTTP_1_1);
    List<Frame> frames = frames(answer.body());
    assertThat(frames).extracting(Frame::flag).containsExactly(0, 0, 0x80);
    assertThat(StreamingRecallResponse.parseFrom(frames.get(1).content()).getResultsCount())
        .isEqualTo(2);
  }

  @Test
  void tellsAFailureInTheLastFrame() throws Exception {
    var answer =
        post("Recall", BINARY, framed(RecallRequest.getDefaultInstance()), Version.HTTP_1_1);
    List<Frame> frames = frames(answer.body());
    assertThat(frames).extracting(Frame::flag).containsExactly(0x80);
    assertThat(frames.get(0).content().toStringUtf8())
        .contains("grpc-status: 3\r\n")
        .contains("grpc-message: Invalid cue")
        .contains("myelin-error-code: invalid_cue\r\n");
  }

  @Test
  void refusesABodyThatIsCutOffOrNoBase64() throws Exception {
    var cut = post("Recall", BINARY, new byte[] {0, 0, 0, 0, 9, 1}, Version.HTTP_1_1);
    assertThat(frames(cut.body()).get(0).content().toStringUtf8()).contains("grpc-status: 3");
    var odd = post("Recall", TEXT, "!!!!".getBytes(US_ASCII), Version.HTTP_1_1);
    assertThat(frames(decode(odd.body())).get(0).content().toStringUtf8())
        .contains("grpc-status: 3");
  }

  @Test
  void refusesOtherKindsOfContentAndMethods() throws Exception {
    assertThat(post("Recall", "application/grpc+json", new byte[0], Version.HTTP_1_1).statusCode())
        .isEqualTo(415);
    assertThat(post("Recall", "application/grpc", new byte[0], Version.HTTP_1_1).statusCode())
        .isEqualTo(415);
    var got =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + server.port + "/engram.v1.EngramService/Recall"))
                .header("content-type", BINARY)
                .GET()
                .build(),
            BodyHandlers.discarding());
    assertThat(got.statusCode()).isEqualTo(405);
  }
}
