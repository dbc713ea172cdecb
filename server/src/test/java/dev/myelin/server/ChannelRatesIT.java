package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.proto.myelin.v1.PublishRequest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How often a user may publish: from the same tokens over HTTP, gRPC and the gateway.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ChannelRatesIT {
  private static final String KEY = "correct-horse-battery-staple";
  private static final int BURST = 3;

  @TempDir private static Path folder;

  private ServerProcess server;
  private LibraryApi api;

  @BeforeAll
  void start() throws Exception {
    server =
        ServerProcess.start(
            folder,
            Map.of(
                "MYELIN_EMBEDDING_PROVIDER",
                "none",
                "MYELIN_AUTH_JWT_SECRET",
                String.valueOf(GatewayClient.TOKENS.secret()),
                "MYELIN_API_KEY",
                KEY,
                "MYELIN_GATEWAY_RATE_OTHER",
                "3/10m burst 3",
                "MYELIN_GATEWAY_RATE_TYPING",
                "1/10m burst 1"));
    api = new LibraryApi(server.port());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private LibraryApi.Answer publish(String credential, String body) throws Exception {
    return api.post(
        "/v1/channels/team/rates/events", body, "authorization", "Bearer " + credential);
  }

  private static String note(int n) {
    return "{\"type\":\"app.note\",\"payload\":{\"n\":" + n + "}}";
  }

  @Test
  void saysWhenToComeBackOverHttpAndTheGateway() throws Exception {
    String token = GatewayClient.token("fast");
    for (int i = 0; i < BURST; i++) {
      assertThat(publish(token, note(i)).status()).isEqualTo(201);
    }

    LibraryApi.Answer refused = publish(token, note(9));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(Long.parseLong(String.valueOf(refused.header("retry-after")))).isPositive();
    assertThat(refused.json().get("code").asInt()).isEqualTo(3005);
    assertThat(refused.json().get("retry_after_ms").asLong()).isPositive();
    try (GatewayClient client = GatewayClient.init(server.port(), "fast", "fast-1")) {
      client.next("connection.ack");
      JsonNode error = client.reply(client.note("team:rates", 1)).get("payload");
      assertThat(error.get("code").asInt()).isEqualTo(4004);
      assertThat(error.at("/details/bucket").asText()).isEqualTo("other");
    }
  }

  @Test
  void saysWhenToComeBackOverGrpc() throws Exception {
    Admin user = new Admin(server.port(), GatewayClient.token("grpc"));
    PublishRequest request =
        PublishRequest.newBuilder().setChannel("team:rates").setType("app.note").build();
    String method = "myelin.v1.ChannelService/Publish";
    for (int i = 0; i < BURST; i++) {
      var _ =
          GrpcWebCall.unary(
              user, method, request, dev.myelin.proto.myelin.v1.PublishResponse.parser());
    }

    try (GrpcWebCall call = GrpcWebCall.open(user, method, request)) {
      assertThat(call.end()).contains("grpc-status: 8").contains("grpc-retry-pushback-ms: ");
    }
  }

  @Test
  void leavesOutWhatTheNextOneSaysToo() throws Exception {
    String token = GatewayClient.token("typist");
    String typing = "{\"type\":\"chat.typing\",\"ephemeral\":true,\"payload\":{}}";
    for (int i = 0; i < BURST; i++) {
      assertThat(publish(token, typing).status()).isEqualTo(202);
    }
    assertThat(publish(token, note(1)).status()).isEqualTo(201);
  }

  @Test
  void doesNotLimitBackEndsWithAKey() throws Exception {
    for (int i = 0; i < 3 * BURST; i++) {
      assertThat(publish(KEY, note(i)).status()).isEqualTo(201);
    }
  }
}
