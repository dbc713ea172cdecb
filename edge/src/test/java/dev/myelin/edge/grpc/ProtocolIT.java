package dev.myelin.edge.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.myelin.edge.grpc.Stranger.Talk;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.proto.engram.v1.Cue;
import dev.myelin.proto.engram.v1.Episode;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.RecallRequest;
import dev.myelin.proto.engram.v1.RecallResponse;
import dev.myelin.proto.engram.v1.RememberRequest;
import dev.myelin.proto.engram.v1.RememberResponse;
import dev.myelin.proto.engram.v1.SemanticCue;
import dev.myelin.proto.engram.v1.StreamInit;
import dev.myelin.proto.grpc.health.v1.HealthCheckRequest;
import dev.myelin.proto.grpc.health.v1.HealthCheckResponse;
import dev.myelin.proto.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.myelin.proto.grpc.health.v1.HealthListRequest;
import dev.myelin.proto.grpc.health.v1.HealthListResponse;
import dev.myelin.proto.grpc.reflection.v1.ServerReflectionRequest;
import dev.myelin.proto.grpc.reflection.v1.ServerReflectionResponse;
import dev.myelin.proto.grpc.reflection.v1.ServiceResponse;
import dev.myelin.testkit.Eventually;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// gRPC itself: compression, limits, deadlines, cancellation, pings, health, reflection, keys.
class ProtocolIT {
  private static final int PINGS = 100;

  @TempDir Path folder;
  private TestServer server;
  private Stranger client;

  @BeforeEach
  void open() {
    server =
        new TestServer(
            folder,
            call -> {
              if ("wrong".equals(call.headers().get("x-api-key"))) {
                throw new ServiceException(ErrorCode.UNAUTHENTICATED, "Show the key.");
              }
            },
            GrpcOptions.DEFAULTS);
    client = new Stranger(server.port);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private RememberResponse remember(String what) {
    return client.unary(
        "Remember",
        RememberRequest.newBuilder().setEpisode(Episode.newBuilder().setWhat(what)).build(),
        RememberResponse.getDefaultInstance());
  }

  private RecallResponse recall(String query) {
    return client.unary(
        "Recall",
        RecallRequest.newBuilder()
            .setCue(Cue.newBuilder().setSemantic(SemanticCue.newBuilder().setQuery(query)))
            .build(),
        RecallResponse.getDefaultInstance());
  }

  @Test
  void readsAndWritesGzip() {
    client.options = CallOptions.DEFAULT.withCompression("gzip");
    String text = "compress me ".repeat(1_000);
    remember(text);
    assertThat(recall("compress").getMemories(0).getContent()).isEqualTo(text);
  }

  @Test
  void refusesMessagesOverTheLimitEvenIfTheyArePackedSmall() {
    for (String encoding : new String[] {"identity", "gzip"}) {
      client.options =
          "gzip".equals(encoding)
              ? CallOptions.DEFAULT.withCompression("gzip")
              : CallOptions.DEFAULT;
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> remember("x".repeat(5 * 1024 * 1024)))
          .satisfies(refusal -> {
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refusal.getStatus().getDescription()).contains("at most 4194304");
          });
    }
    client.options = CallOptions.DEFAULT;
    assertThat(remember("small").getSequence()).isEqualTo(1);
  }

  @Test
  void refusesWhatTheGuardRefusesButForHealth() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() ->
            client.unary(
                "Recall",
                RecallRequest.getDefaultInstance(),
                RecallResponse.getDefaultInstance(),
                Map.of("x-api-key", "wrong")))
        .satisfies(refusal ->
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
    assertThat(
            client
                .unary(
                    "grpc.health.v1.Health/Check",
                    HealthCheckRequest.getDefaultInstance(),
                    HealthCheckResponse.getDefaultInstance(),
                    Map.of("x-api-key", "wrong"))
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void endsACallAtItsDeadline() {
    var talk = observing(CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS));
    talk.next();
    assertThat(talk.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    Eventually.until(
        "the server lets go of the call",
        () -> server.meters.get("myelin.stream.connections").gauge().value() == 0);
  }

  @Test
  void letsGoOfACancelledCall() {
    var talk = observing(CallOptions.DEFAULT);
    talk.next();
    assertThat(server.meters.get("myelin.stream.connections").gauge().value()).isEqualTo(1);
    talk.call.cancel("enough", null);
    Eventually.until(
        "the server lets go of the call",
        () -> server.meters.get("myelin.stream.connections").gauge().value() == 0);
  }

  private Talk<ObservationRequest, ObservationResponse> observing(CallOptions options) {
    var talk =
        new Talk<>(
            client.channel.newCall(
                Stranger.method(
                    "ObserveStream",
                    MethodType.BIDI_STREAMING,
                    ObservationRequest.getDefaultInstance(),
                    ObservationResponse.getDefaultInstance()),
                options));
    talk.send(ObservationRequest.newBuilder().setInit(StreamInit.getDefaultInstance()).build());
    return talk;
  }

  @Test
  void toleratesPingsWithoutACall() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Stranger.SECONDS));
      DataOutputStream output = new DataOutputStream(socket.getOutputStream());
      output.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      // Frames: a length of three bytes, type, flags, stream 0, content.
      output.write(HexFormat.of().parseHex("000000" + "04" + "00" + "00000000"));
      for (long i = 1; i <= PINGS; i++) {
        output.write(HexFormat.of().parseHex("000008" + "06" + "00" + "00000000"));
        output.writeLong(i);
      }
      output.flush();
      DataInputStream input = new DataInputStream(socket.getInputStream());
      long answered = 0;
      while (answered < PINGS) {
        int lengthAndType = input.readInt();
        int flags = input.readUnsignedByte();
        input.readInt();
        byte[] content = input.readNBytes(lengthAndType >>> 8);
        int type = lengthAndType & 0xff;
        assertThat(type).as("frame type, 7 is GOAWAY").isNotEqualTo(7);
        if (type == 6 && flags == 1) {
          assertThat(ByteBuffer.wrap(content).getLong()).isEqualTo(++answered);
        }
      }
    }
  }

  @Test
  void tellsItsHealth() {
    assertThat(health("").getStatus()).isEqualTo(ServingStatus.SERVING);
    assertThat(health("engram.v1.EngramService").getStatus()).isEqualTo(ServingStatus.SERVING);
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> health("nobody"))
        .satisfies(
            refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    var watch =
        new Talk<>(
            client.channel.newCall(
                Stranger.method(
                    "grpc.health.v1.Health/Watch",
                    MethodType.SERVER_STREAMING,
                    HealthCheckRequest.getDefaultInstance(),
                    HealthCheckResponse.getDefaultInstance()),
                CallOptions.DEFAULT));
    watch.send(HealthCheckRequest.getDefaultInstance());
    watch.call.halfClose();
    assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    server.ready = false;
    assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(health("").getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(
            client
                .unary(
                    "grpc.health.v1.Health/List",
                    HealthListRequest.getDefaultInstance(),
                    HealthListResponse.getDefaultInstance())
                .getStatusesMap())
        .containsKeys("", "engram.v1.EngramService");
  }

  private HealthCheckResponse health(String service) {
    return client.unary(
        "grpc.health.v1.Health/Check",
        HealthCheckRequest.newBuilder().setService(service).build(),
        HealthCheckResponse.getDefaultInstance());
  }

  @Test
  void reflectsItsServicesAndTheirFilesOnOneStream() throws Exception {
    for (String version : new String[] {"v1", "v1alpha"}) {
      var talk =
          client.talk(
              "grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo",
              ServerReflectionRequest.getDefaultInstance(),
              ServerReflectionResponse.getDefaultInstance());
      talk.send(ServerReflectionRequest.newBuilder().setListServices("").build());
      assertThat(talk.next().getListServicesResponse().getServiceList())
          .extracting(ServiceResponse::getName)
          .contains("engram.v1.EngramService", "grpc.health.v1.Health");
      talk.send(
          ServerReflectionRequest.newBuilder()
              .setFileContainingSymbol("engram.v1.EngramService")
              .build());
      var files = talk.next().getFileDescriptorResponse().getFileDescriptorProtoList();
      FileDescriptorProto service = FileDescriptorProto.parseFrom(files.get(0));
      assertThat(service.getName()).isEqualTo("engram/v1/service.proto");
      assertThat(service.getService(0).getMethodCount()).isEqualTo(23);
      assertThat(files).hasSize(4);
      for (String symbol :
          new String[] {
            "engram.v1.EngramService.ObserveStream",
            "engram.v1.Memory",
            "engram.v1.Memory.similarity",
            "engram.v1.ObservationAck.Status",
            "engram.v1.MemoryType"
          }) {
        talk.send(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build());
        assertThat(talk.next().hasFileDescriptorResponse()).as(symbol).isTrue();
      }
      talk.send(
          ServerReflectionRequest.newBuilder().setFileByFilename("engram/v1/memory.proto").build());
      assertThat(talk.next().hasFileDescriptorResponse()).isTrue();
      talk.send(ServerReflectionRequest.newBuilder().setFileContainingSymbol("no.Such").build());
      assertThat(talk.next().getErrorResponse().getErrorCode())
          .isEqualTo(Status.Code.NOT_FOUND.value());
      talk.call.halfClose();
      assertThat(talk.end().getCode()).isEqualTo(Status.Code.OK);
    }
  }

  @Test
  void refusesBytesThatAreNoMessage() {
    var method =
        io.grpc.MethodDescriptor.<byte[], byte[]>newBuilder()
            .setFullMethodName("engram.v1.EngramService/Recall")
            .setType(MethodType.UNARY)
            .setRequestMarshaller(Bytes.MARSHALLER)
            .setResponseMarshaller(Bytes.MARSHALLER)
            .build();
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() ->
            ClientCalls.blockingUnaryCall(
                client.channel, method, CallOptions.DEFAULT, new byte[] {0x12, 0x7f}))
        .satisfies(refusal -> {
          assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
          assertThat(refusal.getStatus().getDescription()).contains("engram.v1.RecallRequest");
        });
  }
}
