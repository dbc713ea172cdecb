package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.library.webhook.WebhookConfig;
import dev.myelin.library.webhook.WebhookConfig.Targets;
import dev.myelin.server.Admin.Tenant;
import dev.myelin.server.WebhookTarget.Told;
import dev.myelin.server.config.ServerConfig;
import dev.myelin.testkit.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Webhooks of the whole server: who manages them, whom they call, what they tell.
@Timeout(240)
class WebhookIT {
  private static final String ROOT = "correct-horse-battery-staple";
  private static final String HOOKS = "/v1/webhooks";

  @TempDir private Path folder;
  private WebhookTarget target;
  private TestServer server;
  private Admin root;

  @BeforeEach
  void start() throws Exception {
    target = new WebhookTarget();
    open(true);
  }

  private void open(boolean allowPrivate) {
    server =
        TestServer.open(
            folder,
            config ->
                allowing(config, allowPrivate)
                    .withEdge(config.edge().withAccess(new Access(ROOT, List.of()))));
    root = new Admin(server.port(), ROOT);
  }

  static ServerConfig allowing(ServerConfig config, boolean allowPrivate) {
    Targets targets = new Targets(allowPrivate, Duration.ofSeconds(10), 16 * 1024);
    return config.withWebhooks(WebhookConfig.DEFAULT.with(targets));
  }

  @AfterEach
  void stop() {
    server.close();
    target.close();
  }

  private static void library(Admin who, String id) throws Exception {
    var _ = who.json("POST", "/v1/libraries", "{\"id\":\"" + id + "\",\"name\":\"A library\"}");
  }

  private static void add(Admin who, String library, String text) throws Exception {
    String body = "{\"text\":\"" + text + "\"}";
    var _ = who.json("POST", "/v1/libraries/" + library + "/documents", body);
  }

  private JsonNode hook(Admin who, String more) throws Exception {
    String body = "{\"url\":\"" + target.url() + "\",\"events\":[\"*\"]" + more + "}";
    return who.json("POST", HOOKS, body);
  }

  private static String id(JsonNode webhook) {
    return webhook.get("id").asText();
  }

  private void awaitTold(int number) {
    Eventually.until(number + " events", () -> target.told().size() >= number);
  }

  private static String mac(String secret, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void signsWhatItTells() throws Exception {
    library(root, "notes");
    String secret = hook(root, "").get("secret").asText();
    add(root, "notes", "something");
    awaitTold(1);

    Told told = target.told().getFirst();
    assertThat(told.signature()).isEqualTo("sha256=" + mac(secret, told.body()));
    String time = told.timed().substring(2, told.timed().indexOf(','));
    assertThat(told.timed())
        .isEqualTo("t=" + time + ",v1=" + mac(secret, time + "." + told.body()));
    assertThat(told.json().get("type").asText()).isEqualTo("document.added");
    assertThat(told.json().get("library_id").asText()).isEqualTo("notes");
  }

  @Test
  void showsTheSecretOnce() throws Exception {
    JsonNode made = hook(root, ",\"secret\":\"a secret of our own\"");
    assertThat(made.get("secret").asText()).isEqualTo("a secret of our own");
    String one = HOOKS + "/" + id(made);
    for (String path : List.of(one, HOOKS, one + "/stats", one + "/deliveries")) {
      assertThat(root.send("GET", path, "").body()).doesNotContain("a secret of our own");
    }
    assertThat(root.json("GET", one, "").get("secret").isNull()).isTrue();
    assertThat(root.json("POST", one + "/rotate", "").get("secret").asText())
        .startsWith("whsec_")
        .hasSize(70);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "http://169.254.169.254/latest/meta-data",
        "http://0x7f000001/x",
        "http://localhost/x",
        "http://192.168.0.1/x",
        "ftp://example.com/x",
        "gopher://example.com/x"
      })
  void refusesTargetsInside(String url) throws Exception {
    server.close();
    open(false);
    var refused = root.send("POST", HOOKS, "{\"url\":\"" + url + "\",\"events\":[\"*\"]}");
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(refused.body()).contains("Invalid webhook: url");
  }

  @Test
  void checksTheTargetAgainAtEachDelivery() throws Exception {
    library(root, "notes");
    String one = HOOKS + "/" + id(hook(root, ""));
    server.close();
    open(false);
    add(root, "notes", "something");
    Eventually.until("an attempt", () -> deliveries(one).get("total").asInt() == 1);

    JsonNode attempt = deliveries(one).get("deliveries").get(0);
    assertThat(attempt.get("error_message").asText()).contains("may not be called");
    assertThat(attempt.get("status").asText()).isEqualTo("retrying");
    assertThat(root.json("POST", one + "/test", "").get("success").asBoolean()).isFalse();
    assertThat(target.told()).isEmpty();
    var moved = root.send("PATCH", one, "{\"url\":\"http://127.0.0.1/y\"}");
    assertThat(moved.statusCode()).isEqualTo(422);
  }

  private JsonNode deliveries(String one) {
    try {
      return root.json("GET", one + "/deliveries", "");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keepsTenantsApart() throws Exception {
    Tenant first = root.tenant("one");
    Tenant second = root.tenant("two");
    Admin one = root.with(first.key());
    Admin two = root.with(second.key());
    library(one, "notes");
    library(two, "notes");
    JsonNode made = hook(one, "");
    String path = HOOKS + "/" + id(made);
    assertThat(made.get("tenant_id").asText()).isEqualTo(first.id());
    for (String request :
        List.of(
            "GET ",
            "PATCH ",
            "DELETE ",
            "POST /test",
            "POST /rotate",
            "GET /deliveries",
            "GET /stats")) {
      String[] parts = request.split(" ", 2);
      String other = parts.length > 1 ? parts[1] : "";
      assertThat(two.send(parts[0], path + other, "{}").statusCode()).as(request).isEqualTo(404);
      assertThat(root.send(parts[0], path + other, "{}").statusCode()).as(request).isEqualTo(404);
    }
    assertThat(two.json("GET", HOOKS, "").get("total").asInt()).isZero();
    assertThat(one.json("GET", HOOKS, "").get("total").asInt()).isEqualTo(1);

    add(two, "notes", "of the second");
    add(one, "notes", "of the first");
    awaitTold(1);
    add(one, "notes", "of the first again");
    awaitTold(2);
    assertThat(target.told()).hasSize(2);
    assertThat(root.status("DELETE", "/v1/admin/tenants/" + first.id())).isEqualTo(204);
  }

  @Test
  void isForWhoeverAdministersTheLibrary() throws Exception {
    library(root, "notes");
    library(root, "diary");
    String body = "{\"url\":\"" + target.url() + "\",\"events\":[\"*\"]";
    Admin writer = root.with(root.key("write").secret());
    Admin keeper = root.with(root.key("admin:notes").secret());
    for (String of : List.of("}", ",\"library_id\":\"notes\"}")) {
      assertThat(writer.send("POST", HOOKS, body + of).statusCode()).isEqualTo(403);
    }
    assertThat(keeper.send("POST", HOOKS, body + "}").statusCode()).isEqualTo(403);
    assertThat(keeper.send("POST", HOOKS, body + ",\"library_id\":\"diary\"}").statusCode())
        .isEqualTo(403);
    String all = id(hook(root, ""));
    String own = id(hook(keeper, ",\"library_id\":\"notes\""));
    assertThat(keeper.json("GET", HOOKS, "").findValuesAsText("id")).containsExactly(own);
    assertThat(keeper.status("GET", HOOKS + "/" + all)).isEqualTo(404);
    assertThat(writer.status("GET", HOOKS + "/" + own)).isEqualTo(404);
    assertThat(keeper.status("DELETE", HOOKS + "/" + own)).isEqualTo(204);
    assertThat(root.json("GET", HOOKS, "").findValuesAsText("id")).containsExactly(all);
  }

  @Test
  void pausesAndGoesOnOverHttp() throws Exception {
    library(root, "notes");
    String one = HOOKS + "/" + id(hook(root, ",\"library_id\":\"notes\""));
    JsonNode paused = root.json("PATCH", one, "{\"status\":\"paused\"}");
    assertThat(paused.get("status").asText()).isEqualTo("paused");
    assertThat(paused.get("status_reason").asText()).isEqualTo("By request.");
    add(root, "notes", "first");
    add(root, "notes", "second");
    assertThat(root.json("PATCH", one, "{\"status\":\"active\"}").get("status_reason").isNull())
        .isTrue();
    awaitTold(2);
    assertThat(target.told()).extracting(Told::offset).isSorted();
    assertThat(root.json("GET", HOOKS + "?status=active", "").get("total").asInt()).isEqualTo(1);
    assertThat(root.json("GET", HOOKS + "?status=paused", "").get("total").asInt()).isZero();
    assertThat(root.status("GET", HOOKS + "?status=sleepy")).isEqualTo(422);
    assertThat(root.send("PATCH", one, "{\"library_id\":\"diary\"}").statusCode()).isEqualTo(422);
    assertThat(root.status("DELETE", "/v1/libraries/notes")).isEqualTo(204);
    awaitTold(3);
    assertThat(target.told().getLast().json().get("type").asText()).isEqualTo("library.deleted");
    Eventually.until("it is disabled", () -> status(one).equals("disabled"));
  }

  private String status(String one) {
    try {
      return root.json("GET", one, "").get("status").asText();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
