package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.myelin.server.Admin.Tenant;
import dev.myelin.testkit.Eventually;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `/v1/admin` on a server that has no key of its own.
@Timeout(240)
class AdminIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// The log of a server that is asked to tell all, not the quiet one of tests.
  private static final Map<String, String> LOGS_ALL =
      Map.of(
          "MYELIN_LOG_LEVEL",
          "debug",
          "JAVA_TOOL_OPTIONS",
          "-Dlogback.configurationFile=logs-all.xml");

  @TempDir private Path folder;

  private TestServer server;
  private Admin admin;

  @BeforeEach
  void start() {
    server = TestServer.open(folder.resolve("data"));
    admin = new Admin(server.port(), "");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void makesTellsAndEndsTenants() throws Exception {
    JsonNode made =
        admin.json(
            "POST",
            "/v1/admin/tenants",
            "{\"name\":\"müller\",\"metadata\":{\"plan\":\"gold\",\"seats\":[1,2]},\"expires_in_days\":2}");
    String id = made.get("tenant_id").asText();
    String key = made.get("api_key").asText();
    assertThat(made.fieldNames())
        .toIterable()
        .containsExactly("tenant_id", "name", "api_key", "created_at", "expires_at", "metadata");
    assertThat(made.get("metadata").toString()).isEqualTo("{\"plan\":\"gold\",\"seats\":[1,2]}");
    assertThat(admin.with(key).status("GET", "/v1/spaces")).isEqualTo(200);

    JsonNode told = admin.json("GET", "/v1/admin/tenants/" + id, "");
    assertThat(told.get("name").asText()).isEqualTo("müller");
    assertThat(told.get("is_active").asBoolean()).isTrue();
    assertThat(told.get("request_count").asInt()).isEqualTo(1);
    assertThat(told.get("last_used_at").isTextual()).isTrue();
    assertThat(told.has("api_key")).isFalse();
    assertThat(admin.json("GET", "/v1/admin/tenants", "")).containsExactly(told);

    assertThat(admin.status("DELETE", "/v1/admin/tenants/" + id)).isEqualTo(204);
    assertThat(admin.with(key).status("GET", "/v1/spaces")).isEqualTo(401);
    assertThat(admin.status("POST", "/v1/admin/tenants/" + id + "/rotate")).isEqualTo(409);
  }

  @Test
  void makesTellsAndRevokesKeys() throws Exception {
    Admin.Key key = admin.key("read", "write:notes");
    JsonNode told = admin.json("GET", "/v1/admin/keys", "").get(0);
    assertThat(told.get("key_id").asText()).isEqualTo(key.id());
    assertThat(told.get("tenant_id").asText()).isEqualTo("default");
    assertThat(told.get("scopes").toString()).isEqualTo("[\"read\",\"write:notes\"]");
    assertThat(told.get("expires_at").isNull()).isTrue();
    assertThat(told.has("api_key")).isFalse();

    String fresh =
        admin.json("POST", "/v1/admin/keys/" + key.id() + "/rotate", "").get("api_key").asText();
    assertThat(admin.with(key.secret()).status("GET", "/v1/spaces")).isEqualTo(401);
    assertThat(admin.with(fresh).status("GET", "/v1/spaces")).isEqualTo(200);
    assertThat(admin.status("DELETE", "/v1/admin/keys/" + key.id())).isEqualTo(204);
    assertThat(admin.status("DELETE", "/v1/admin/keys/" + key.id())).isEqualTo(404);
    assertThat(admin.with(fresh).status("GET", "/v1/spaces")).isEqualTo(401);
  }

  @Test
  void tenantsAdministerTheirOwnKeysAndHearOfNoOthers() throws Exception {
    Tenant one = admin.tenant("one");
    Tenant two = admin.tenant("two");
    Admin first = admin.with(one.key());
    Admin second = admin.with(two.key());
    Admin.Key key = first.key("read");

    assertThat(first.json("GET", "/v1/admin/keys", "")).hasSize(2);
    assertThat(second.json("GET", "/v1/admin/keys", "").toString())
        .contains(two.id())
        .doesNotContain(one.id())
        .doesNotContain(key.id());
    assertThat(second.status("DELETE", "/v1/admin/keys/" + key.id())).isEqualTo(404);
    assertThat(second.status("POST", "/v1/admin/keys/" + key.id() + "/rotate")).isEqualTo(404);
    assertThat(second.status("GET", "/v1/admin/keys?tenant_id=" + one.id())).isEqualTo(404);
    assertThat(second.status("GET", "/v1/admin/keys?tenant_id=tenant_0")).isEqualTo(404);
    String stolen = "{\"tenant_id\":\"" + one.id() + "\",\"name\":\"x\",\"scopes\":[\"admin\"]}";
    assertThat(second.send("POST", "/v1/admin/keys", stolen).statusCode()).isEqualTo(404);
    assertThat(second.status("GET", "/v1/admin/tenants")).isEqualTo(403);
    assertThat(second.status("DELETE", "/v1/admin/tenants/" + one.id())).isEqualTo(403);
    assertThat(admin.json("GET", "/v1/admin/keys?tenant_id=" + one.id(), "")).hasSize(2);
    assertThat(admin.json("GET", "/v1/admin/keys", "")).hasSize(3);
    assertThat(first.with(key.secret()).status("GET", "/v1/spaces")).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /v1/admin/tenants | {                                             | 400 |
          /v1/admin/tenants | []                                            | 400 |
          /v1/admin/tenants | null                                          | 400 |
          /v1/admin/tenants | {}                                            | 422 | name
          /v1/admin/tenants | {"name":" "}                                  | 422 | name
          /v1/admin/tenants | {"name":7}                                    | 422 | name
          /v1/admin/tenants | {"name":"a","metadata":3}                     | 422 | metadata
          /v1/admin/tenants | {"name":"a","expires_in_days":0}              | 422 | expires_in_days
          /v1/admin/tenants | {"name":"a","expires_in_days":1.5}            | 422 | expires_in_days
          /v1/admin/keys    | {"name":"a"}                                  | 422 | scopes
          /v1/admin/keys    | {"name":"a","scopes":[]}                      | 422 | scopes
          /v1/admin/keys    | {"name":"a","scopes":["read","own"]}          | 422 | scopes[1]
          /v1/admin/keys    | {"name":"a","scopes":["read:X"]}              | 422 | scopes[0]
          /v1/admin/keys    | {"name":"a","scopes":["read"],"tenant_id":"no"} | 404 |
          """)
  void saysWhatIsWrong(String path, String body, int status, String field) throws Exception {
    HttpResponse<String> answer = admin.send("POST", path, body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).isNotEmpty();
    assertThat(problem.get("error").asText()).isNotEmpty();
    assertThat(problem.get("error_type").asText()).endsWith("Error");
    assertThat(problem.get("code").asInt()).isPositive();
    assertThat(problem.path("field").asText()).isEqualTo(field == null ? "" : field);
  }

  @Test
  void refusesOtherMethodsAndLongBodies() throws Exception {
    assertThat(admin.status("PUT", "/v1/admin/tenants")).isEqualTo(405);
    assertThat(admin.status("GET", "/v1/admin/keys/key_0")).isEqualTo(405);
    assertThat(admin.status("GET", "/v1/admin/tenants/tenant_0/rotate")).isEqualTo(405);
    assertThat(admin.status("GET", "/v1/admin/tenants/tenant_0")).isEqualTo(404);
    assertThat(admin.status("GET", "/v1/admin/tenantsx")).isEqualTo(404);
    String longBody = "{\"name\":\"" + "a".repeat(100_000) + "\"}";
    assertThat(admin.send("POST", "/v1/admin/tenants", longBody).statusCode()).isEqualTo(413);
  }

  @Test
  void whoShowsAKeyMustShowARightOneAlsoWhereNoneIsNeeded() throws Exception {
    assertThat(admin.status("GET", "/v1/spaces")).isEqualTo(200);
    HttpResponse<String> refused =
        admin.with("no-key-of-this-server").send("GET", "/v1/spaces", "");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("www-authenticate").orElseThrow()).startsWith("Bearer");
    admin.tenant("one");
    assertThat(admin.status("GET", "/v1/spaces")).isEqualTo(200);
    assertThat(admin.status("GET", "/v1/admin/tenants")).isEqualTo(200);
  }

  @Test
  void secretsAreInNoFileAndInNoLog() throws Exception {
    Path data = folder.resolve("other");
    Queue<String> said = new ConcurrentLinkedQueue<>();
    String secret;
    String second;
    try (ServerProcess process = ServerProcess.start(data, LOGS_ALL, said::add)) {
      Admin other = new Admin(process.port(), "");
      Tenant tenant = other.tenant("one");
      secret = tenant.key();
      second = other.with(secret).key("read").secret();
      assertThat(other.with(second).status("GET", "/v1/spaces")).isEqualTo(200);
      assertThat(other.with(second + "x").status("GET", "/v1/spaces")).isEqualTo(401);
      try (StreamClient client = StreamClient.open(process.port(), "X-API-Key: " + secret)) {
        client.init("notes");
      }
      Eventually.until(
          "the log tells of the key", () -> said.toString().contains("a key was made"));
    }
    assertThat(said.toString()).doesNotContain(secret).doesNotContain(second);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes.contains(secret) || bytes.contains(second)).as("%s", file).isFalse();
      }
    }
  }
}
