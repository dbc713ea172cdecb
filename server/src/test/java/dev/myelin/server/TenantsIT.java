package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.ObservationStream;
import dev.myelin.client.StreamOptions;
import dev.myelin.client.Tail;
import dev.myelin.client.Transport;
import dev.myelin.client.model.ForgetMode;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.RecalledMemory;
import dev.myelin.client.model.SpaceInfo;
import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.server.Admin.Tenant;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tenants beside each other, and what their keys open on each surface.
@Timeout(240)
class TenantsIT {
  private static final String ROOT = "correct-horse-battery-staple";

  @TempDir private Path folder;

  private TestServer server;
  private Admin root;
  private Tenant one;
  private Tenant two;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.open(
            folder,
            config -> config.withEdge(config.edge().withAccess(new Access(ROOT, List.of()))));
    root = new Admin(server.port(), ROOT);
    one = root.tenant("one");
    two = root.tenant("two");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private MyelinClient client(String key, Transport transport) {
    return MyelinClient.connect(
        URI.create("http://127.0.0.1:" + server.port()),
        ClientOptions.DEFAULT.withTransport(transport).withApiKey(key));
  }

  private StreamClient socket(String key) throws IOException {
    return StreamClient.open(server.port(), "X-API-Key: " + key);
  }

  private static String observe(MyelinClient client, String space, String text) {
    try (ObservationStream stream = client.open(StreamOptions.in(space))) {
      return stream.observe(Observation.of(text)).join().memoryId();
    }
  }

  private static List<String> recall(MyelinClient client, String space) {
    return client.recall(RecallQuery.in(space)).join().memories().stream()
        .map(RecalledMemory::content)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY", "JSON", "GRPC"})
  void twoTenantsWithTheSameSpaceSeeNothingOfEachOther(Transport transport) {
    try (MyelinClient a = client(one.key(), transport);
        MyelinClient b = client(two.key(), transport);
        MyelinClient owner = client(ROOT, transport)) {
      String id = observe(a, "notes", "one was here");
      observe(b, "notes", "two was here");
      observe(b, "diary", "two again");

      assertThat(recall(a, "notes")).containsExactly("one was here");
      assertThat(recall(b, "notes")).containsExactly("two was here");
      assertThat(recall(a, "diary")).isEmpty();
      assertThat(recall(owner, "notes")).isEmpty();
      assertThat(b.forget("notes", id, ForgetMode.DELETE).join()).isZero();
      assertThat(recall(a, "notes")).hasSize(1);
      assertThat(a.spaces().join()).extracting(SpaceInfo::name).containsExactly("notes");
      assertThat(b.spaces().join()).extracting(SpaceInfo::name).containsExactly("diary", "notes");
      assertThat(owner.spaces().join()).isEmpty();
    }
  }

  @Test
  void aTailHearsItsOwnTenantOnly() {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    try (MyelinClient a = client(one.key(), Transport.BINARY);
        MyelinClient b = client(two.key(), Transport.BINARY);
        Tail _ = a.tail("notes", event -> heard.add(event.content()))) {
      Eventually.until(
          "the tail hears",
          () -> {
            observe(a, "notes", "one begins");
            return !heard.isEmpty();
          });
      observe(b, "notes", "two was here");
      observe(a, "notes", "one ends");
      Eventually.until("the end is heard", () -> heard.contains("one ends"));
      assertThat(heard).allMatch(text -> text.startsWith("one"));
    }
  }

  @Test
  void theSessionOfAnotherTenantIsUnknown() throws Exception {
    try (StreamClient a = socket(one.key());
        StreamClient b = socket(two.key());
        StreamClient back = socket(one.key())) {
      a.init("notes");
      a.send(a.observation(1, "first"));
      a.next("ack");
      assertThat(b.resume("notes", a.session()).get("session_id").asText())
          .isNotEqualTo(a.session());
      JsonNode resumed = back.resume("notes", a.session());
      assertThat(resumed.get("session_id").asText()).isEqualTo(a.session());
      b.send("{\"type\":\"recall\",\"memory_space_id\":\"notes\",\"cue\":{\"text\":\"first\"}}");
      assertThat(b.next("recall_result").get("results")).isEmpty();
    }
  }

  @Test
  void scopesOpenWhatTheySayOnEverySurface() throws Exception {
    Admin admin = root.with(one.key());
    Admin.Key reader = admin.key("read");
    Admin.Key writer = admin.key("write:notes");
    try (MyelinClient a = client(one.key(), Transport.BINARY);
        MyelinClient reads = client(reader.secret(), Transport.BINARY);
        MyelinClient writes = client(writer.secret(), Transport.GRPC)) {
      String id = observe(a, "notes", "one was here");
      observe(a, "diary", "dear diary");

      assertThat(recall(reads, "notes")).hasSize(1);
      denied(() -> reads.forget("notes", id, ForgetMode.DELETE).join());
      observe(writes, "notes", "a second");
      assertThat(recall(writes, "notes")).hasSize(2);
      denied(() -> recall(writes, "diary"));
      assertThat(writes.spaces().join()).extracting(SpaceInfo::name).containsExactly("notes");
      assertThat(root.with(writer.secret()).status("GET", "/v1/spaces/diary")).isEqualTo(403);
      assertThat(root.with(writer.secret()).status("GET", "/v1/spaces/absent")).isEqualTo(403);
      assertThat(root.with(reader.secret()).status("GET", "/v1/spaces/diary")).isEqualTo(200);
      assertThat(root.with(reader.secret()).status("GET", "/v1/admin/keys")).isEqualTo(403);
    }
    try (StreamClient socket = socket(reader.secret())) {
      socket.init("notes");
      socket.send(socket.observation(1, "first"));
      assertThat(socket.next("error").get("code").asText()).isEqualTo("permission_denied");
    }
    try (StreamClient socket = socket(writer.secret())) {
      socket.send(StreamClient.message("init").put("memory_space_id", "diary"));
      assertThat(socket.next("error").get("code").asText()).isEqualTo("permission_denied");
    }
  }

  private static void denied(Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            MyelinException.class,
            failure -> assertThat(failure.code()).isEqualTo("permission_denied"));
  }

  @Test
  void aRevokedKeyCutsWhatItOpened() throws Exception {
    Admin.Key key = root.with(one.key()).key("write");
    try (StreamClient socket = socket(key.secret());
        StreamClient stays = socket(one.key());
        MyelinClient client = client(key.secret(), Transport.GRPC);
        Tail tail = client.tail("notes", _ -> {})) {
      socket.init("notes");
      stays.init("notes");
      observe(client, "notes", "still here");
      assertThat(root.with(one.key()).status("DELETE", "/v1/admin/keys/" + key.id()))
          .isEqualTo(204);

      assertThat(socket.next("error").get("code").asText()).isEqualTo("unauthenticated");
      assertThat(socket.closeCode()).isEqualTo(1008);
      Eventually.until("the tail has ended", () -> tail.ended().isDone());
      assertThat(root.with(key.secret()).send("GET", "/v1/spaces", "").headers().map())
          .containsEntry("www-authenticate", List.of("Bearer realm=\"myelin\""));
      assertThat(root.with(key.secret()).status("GET", "/v1/spaces")).isEqualTo(401);
      stays.send(stays.observation(1, "first"));
      stays.next("ack");
    }
  }

  @Test
  void aRotatedKeyAndAnEndedTenantAreDeadAtOnce() throws Exception {
    try (StreamClient old = socket(one.key())) {
      old.init("notes");
      String fresh =
          root.json("POST", "/v1/admin/tenants/" + one.id() + "/rotate", "")
              .get("new_api_key")
              .asText();
      old.next("error");
      assertThat(old.closeCode()).isEqualTo(1008);
      assertThat(root.with(one.key()).status("GET", "/v1/spaces")).isEqualTo(401);
      assertThat(root.with(fresh).status("GET", "/v1/spaces")).isEqualTo(200);
      server.restart();
      Admin again = new Admin(server.port(), ROOT);
      assertThat(again.with(fresh).status("GET", "/v1/spaces")).isEqualTo(200);
      try (StreamClient open = socket(fresh)) {
        open.init("notes");
        assertThat(again.status("DELETE", "/v1/admin/tenants/" + one.id())).isEqualTo(204);
        open.next("error");
        assertThat(open.closeCode()).isEqualTo(1008);
      }
      assertThat(again.with(fresh).status("GET", "/v1/spaces")).isEqualTo(401);
      assertThat(
              again.json("GET", "/v1/admin/tenants/" + one.id(), "").get("is_active").asBoolean())
          .isFalse();
      assertThat(again.with(two.key()).status("GET", "/v1/spaces")).isEqualTo(200);
    }
  }

  @Test
  void metricsAreNotForTenants() throws Exception {
    assertThat(root.status("GET", "/metrics")).isEqualTo(200);
    assertThat(root.with(one.key()).status("GET", "/metrics")).isEqualTo(403);
  }
}
