package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.proto.myelin.v1.HistoryRequest;
import dev.myelin.proto.myelin.v1.HistoryResponse;
import dev.myelin.proto.myelin.v1.PublishRequest;
import dev.myelin.proto.myelin.v1.PublishResponse;
import dev.myelin.proto.myelin.v1.SubscribeRequest;
import dev.myelin.proto.myelin.v1.SubscribeResponse;
import dev.myelin.server.LibraryApi.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Channels as back ends use them: once under one id, page by page, and only where they may.
@Timeout(180)
class ChannelApiIT {
  private static final String ROOT = "correct-horse-battery-staple";
  private static final String CORE = "/v1/channels/team/core/events";
  private static final String SERVICE = "myelin.v1.ChannelService/";

  @TempDir private Path folder;

  private TestServer server;
  private LibraryApi api;
  private Admin root;
  private Admin one;
  private String[] asOne;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.open(
            folder,
            config -> config.withEdge(config.edge().withAccess(new Access(ROOT, List.of()))));
    api = new LibraryApi(server.port());
    root = new Admin(server.port(), ROOT);
    one = root.with(root.tenant("one").key());
    asOne = as(one.key());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String[] as(String key, String... more) {
    List<String> headers = new ArrayList<>(List.of("authorization", "Bearer " + key));
    headers.addAll(List.of(more));
    return headers.toArray(String[]::new);
  }

  private static String event(int number) {
    return "{\"type\":\"team.activity\",\"payload\":{\"n\":" + number + "}}";
  }

  private void publish(int from, int to) throws Exception {
    for (int i = from; i <= to; i++) {
      assertThat(api.post(CORE, event(i), asOne).json().get("offset").asInt()).isEqualTo(i);
    }
  }

  @Test
  void publishesOnceUnderOneKey() throws Exception {
    String[] keyed = as(one.key(), "idempotency-key", "job-1");

    Answer first = api.post(CORE, event(1), keyed);
    Answer again = api.post(CORE, event(1), keyed);
    Answer byId =
        api.post(
            CORE,
            "{\"type\":\"team.activity\", \"payload\":{ \"n\" : 1 }, \"id\":\"job-1\"}",
            asOne);
    Answer other = api.post(CORE, event(2), keyed);

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.json().get("duplicate").asBoolean()).isFalse();
    assertThat(first.header("idempotency-replayed")).isNull();
    for (Answer repeat : List.of(again, byId)) {
      assertThat(repeat.status()).isEqualTo(201);
      assertThat(repeat.json().get("id")).isEqualTo(first.json().get("id"));
      assertThat(repeat.json().get("offset").asInt()).isEqualTo(1);
      assertThat(repeat.json().get("duplicate").asBoolean()).isTrue();
      assertThat(repeat.header("idempotency-replayed")).isEqualTo("true");
    }
    assertThat(other.status()).isEqualTo(409);
    assertThat(api.get(CORE, asOne).json().get("events")).hasSize(1);
  }

  @Test
  void publishesOnceHoweverManySendItAtTheSameTime() throws Exception {
    String[] keyed = as(one.key(), "idempotency-key", "job-2");
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      calls.add(() -> api.post(CORE, event(1), keyed));
    }
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
    assertThat(answers)
        .extracting(answer -> answer.json().get("id"))
        .containsOnly(answers.getFirst().json().get("id"));
    assertThat(answers)
        .filteredOn(answer -> !answer.json().get("duplicate").asBoolean())
        .hasSize(1);
    assertThat(api.get(CORE, asOne).json().get("last_offset").asInt()).isEqualTo(1);
  }

  @Test
  void tellsWhatWasSaidInPages() throws Exception {
    publish(1, 5);

    Answer first = api.get(CORE + "?limit=2", asOne);
    Answer second = api.get(CORE + "?limit=2&after=" + first.json().get("next").asInt(), asOne);
    Answer last = api.get(CORE + "?after=5", asOne);

    assertThat(first.json().at("/events/0/payload/n").asInt()).isEqualTo(1);
    assertThat(first.json().at("/events/0/type").asText()).isEqualTo("team.activity");
    assertThat(first.json().at("/events/0/channel").asText()).isEqualTo("team:core");
    assertThat(first.json().get("has_more").asBoolean()).isTrue();
    assertThat(first.json().get("last_offset").asInt()).isEqualTo(5);
    assertThat(second.json().get("events").findValuesAsText("offset")).containsExactly("3", "4");
    assertThat(last.json().get("events")).isEmpty();
    assertThat(last.json().get("next").asInt()).isEqualTo(5);
    assertThat(last.json().get("epoch")).isEqualTo(first.json().get("epoch"));
  }

  @Test
  void tellsWhereToGoOnFromAPositionThatIsLost() throws Exception {
    publish(1, 2);
    String epoch = api.get(CORE, asOne).json().get("epoch").asText();

    for (String lost : List.of("?after=9", "?after=1&epoch=another", "?after=9&wait=30s")) {
      Answer gone = api.get(CORE + lost, asOne);
      assertThat(gone.status()).as(lost).isEqualTo(410);
      assertThat(gone.json().get("oldest_offset").asInt()).isZero();
      assertThat(gone.json().get("last_offset").asInt()).isEqualTo(2);
      assertThat(gone.json().get("epoch").asText()).isEqualTo(epoch);
    }
    String[] streaming = as(one.key(), "accept", "text/event-stream", "last-event-id", "9");
    assertThat(api.get(CORE, streaming).status()).isEqualTo(410);
    assertThat(api.get(CORE + "?after=1&epoch=" + epoch, asOne).json().get("events")).hasSize(1);
  }

  @Test
  void waitsForWhatComesNext() throws Exception {
    assertThat(api.get(CORE + "?after=0&wait=1ms", asOne).json().get("events")).isEmpty();
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return api.get(CORE + "?after=0&wait=60s", asOne);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(api.post(CORE, "{\"type\":\"chat.typing\",\"ephemeral\":true}", asOne).status())
        .isEqualTo(202);

    publish(1, 1);

    assertThat(waiting.join().json().get("events").findValuesAsText("offset")).containsExactly("1");
    assertThat(api.get(CORE + "?after=0&wait=60s", asOne).json().get("events")).hasSize(1);
    assertThat(api.get(CORE + "?wait=61s", asOne).status()).isEqualTo(422);
  }

  @Test
  void refusesWhatIsNoEvent() throws Exception {
    assertThat(api.post(CORE, "{\"payload\":{}}", asOne).status()).isEqualTo(422);
    assertThat(api.post(CORE, "{\"type\":\"x\"}", asOne).status()).isEqualTo(400);
    assertThat(api.post(CORE, "{\"type\":\"channel.presence\"}", asOne).status()).isEqualTo(422);
    assertThat(api.post(CORE, "{\"type\":\"a.b\",\"payload\":7}", asOne).status()).isEqualTo(422);
    assertThat(api.post(CORE, "{", asOne).status()).isEqualTo(400);
    String large = "{\"type\":\"a.b\",\"payload\":{\"t\":\"" + "x".repeat(1 << 20) + "\"}}";
    assertThat(api.post(CORE, large, asOne).status()).isEqualTo(413);
    assertThat(api.post("/v1/channels/moon/x/events", event(1), asOne).status()).isEqualTo(400);
    assertThat(api.post("/v1/channels/team/a%20b/events", event(1), asOne).status()).isEqualTo(400);
    assertThat(api.post("/v1/channels/team/events", event(1), asOne).status()).isEqualTo(400);
    assertThat(api.get(CORE, asOne).json().get("last_offset").asInt()).isZero();
  }

  @Test
  void showsAndLetsSayNoMoreThanACredentialMay() throws Exception {
    publish(1, 1);
    String reader = one.key("read").secret();
    String writer = one.key("write").secret();
    String elsewhere = one.key("read:notes").secret();

    assertThat(api.get(CORE).status()).isEqualTo(401);
    assertThat(api.post(CORE, event(2)).status()).isEqualTo(401);
    assertThat(api.get(CORE, as(reader)).json().get("events")).hasSize(1);
    assertThat(api.post(CORE, event(2), as(reader)).status()).isEqualTo(403);
    assertThat(api.post(CORE, event(2), as(writer)).status()).isEqualTo(201);
    assertThat(api.get(CORE, as(elsewhere)).status()).isEqualTo(404);
    assertThat(api.post(CORE, event(3), as(elsewhere)).status()).isEqualTo(404);

    for (String global : List.of("system", "notifications")) {
      String path = "/v1/channels/" + global + "/events";
      assertThat(api.post(path, "{\"type\":\"system.announcement\"}", as(writer)).status())
          .isEqualTo(403);
      assertThat(api.post(path, "{\"type\":\"system.announcement\"}", asOne).status())
          .isEqualTo(201);
      assertThat(api.get(path, as(reader)).json().at("/events/0/channel").asText())
          .isEqualTo(global);
    }
  }

  @Test
  void tenantsNeverMeet() throws Exception {
    Admin two = root.with(root.tenant("two").key());
    publish(1, 2);
    var _ = one.json("POST", "/v1/libraries", "{\"id\":\"notes\",\"name\":\"Notes\"}");

    assertThat(api.get(CORE, as(two.key())).json().get("events")).isEmpty();
    assertThat(api.get(CORE + "?after=1", as(two.key())).status()).isEqualTo(410);
    assertThat(api.post(CORE, event(1), as(two.key())).json().get("offset").asInt()).isEqualTo(1);
    String library = "/v1/channels/library/notes/events";
    assertThat(api.get(library, asOne).json().at("/events/0/type").asText())
        .isEqualTo("library.created");
    assertThat(api.get(library, as(two.key())).status()).isEqualTo(404);
    assertThat(api.post(library, event(1), as(two.key())).status()).isEqualTo(404);
    assertThat(api.post(library, event(1), asOne).status()).isEqualTo(501);
  }

  @Test
  void doesTheSameOverGrpc() throws Exception {
    PublishRequest request =
        PublishRequest.newBuilder()
            .setChannel("team:core")
            .setType("team.activity")
            .setPayload("{ \"n\": 1 }")
            .setId("job-9")
            .build();
    String publish = SERVICE + "Publish";

    PublishResponse first = GrpcWebCall.unary(one, publish, request, PublishResponse.parser());
    PublishResponse again = GrpcWebCall.unary(one, publish, request, PublishResponse.parser());
    HistoryResponse page =
        GrpcWebCall.unary(
            one,
            SERVICE + "History",
            HistoryRequest.newBuilder().setChannel("team:core").build(),
            HistoryResponse.parser());

    assertThat(first.getOffset()).isEqualTo(1);
    assertThat(again.getDuplicate()).isTrue();
    assertThat(again.getId()).isEqualTo(first.getId());
    assertThat(page.getEventsList())
        .singleElement()
        .satisfies(event -> assertThat(event.getPayload()).isEqualTo("{\"n\":1}"));
    assertThat(page.getEpoch()).isEqualTo(first.getEpoch());

    SubscribeRequest after =
        SubscribeRequest.newBuilder().setChannel("team:core").setAfter(0).build();
    try (GrpcWebCall call = GrpcWebCall.open(one, SERVICE + "Subscribe", after)) {
      assertThat(call.next(SubscribeResponse.parser()).getPosition().getEpoch())
          .isEqualTo(first.getEpoch());
      assertThat(call.next(SubscribeResponse.parser()).getEvent().getId()).isEqualTo(first.getId());
      publish(2, 300);
      for (int offset = 2; offset <= 300; offset++) {
        assertThat(call.next(SubscribeResponse.parser()).getEvent().getOffset()).isEqualTo(offset);
      }
    }
    try (GrpcWebCall call =
        GrpcWebCall.open(one, SERVICE + "Subscribe", after.toBuilder().setAfter(999).build())) {
      assertThat(call.end()).contains("grpc-status: 9");
    }
    Admin elsewhere = one.with(one.key("read:notes").secret());
    try (GrpcWebCall call = GrpcWebCall.open(elsewhere, publish, request)) {
      assertThat(call.end()).contains("grpc-status: 5");
    }
    assertThatThrownBy(() ->
            GrpcWebCall.unary(
                one,
                publish,
                request.toBuilder().setPayload("[]").setId("").build(),
                PublishResponse.parser()))
        .isInstanceOf(AssertionError.class);
  }
}
