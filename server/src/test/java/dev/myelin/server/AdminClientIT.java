package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.admin.ApiKey;
import dev.myelin.client.admin.IssuedKey;
import dev.myelin.client.admin.IssuedTenant;
import dev.myelin.client.admin.NewKey;
import dev.myelin.client.admin.NewTenant;
import dev.myelin.client.admin.Tenant;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.model.LibraryInfo;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.ProblemException;
import dev.myelin.edge.EdgeOptions.Access;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tenants and keys through the Java client.
@Timeout(180)
class AdminClientIT {
  private static final String ROOT = "correct-horse-battery-staple";

  @TempDir private Path folder;
  private TestServer server;
  private LibraryClient root;

  @BeforeEach
  void open() {
    server =
        TestServer.open(
            folder,
            config -> config.withEdge(config.edge().withAccess(new Access(ROOT, List.of()))));
    root = client(ROOT);
  }

  @AfterEach
  void close() {
    root.close();
    server.close();
  }

  private LibraryClient client(String key) {
    return LibraryClient.connect(
        URI.create("http://127.0.0.1:" + server.port()), LibraryClientIT.PATIENT.withApiKey(key));
  }

  private static void refused(String code, Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.code()).isEqualTo(code));
  }

  @Test
  void tenantsAreMadeRotatedAndEnded() {
    IssuedTenant made = root.tenants().create(NewTenant.named("Kim & Co").expiringInDays(30));

    assertThat(made.expiresAt()).isNotNull();
    assertThat(made.toString()).doesNotContain(made.apiKey());
    assertThat(root.tenants().list()).extracting(Tenant::id).contains(made.id());
    try (LibraryClient tenant = client(made.apiKey())) {
      var _ = tenant.libraries().create(NewLibrary.named("Own").withId("own"));
      assertThat(tenant.libraries().list().toList())
          .extracting(LibraryInfo::id)
          .containsExactly("own");
      refused("permission_denied", () -> tenant.tenants().list());
      String fresh = root.tenants().rotate(made.id());
      refused(MyelinException.UNAUTHENTICATED, () -> tenant.libraries().get("own"));
      try (LibraryClient again = client(fresh)) {
        assertThat(again.libraries().get("own").name()).isEqualTo("Own");
      }
    }
    root.tenants().deactivate(made.id());
    assertThat(root.tenants().get(made.id()).active()).isFalse();
    refused("not_found", () -> root.tenants().get("nobody"));
  }

  @Test
  void keysOpenWhatTheirScopesSay() {
    var _ = root.libraries().create(NewLibrary.named("Papers").withId("papers"));
    IssuedKey made = root.keys().create(NewKey.named("reader", "read:papers"));

    assertThat(made.key().scopes()).containsExactly("read:papers");
    assertThat(made.toString()).doesNotContain(made.apiKey());
    assertThat(root.keys().list()).extracting(ApiKey::id).contains(made.key().id());
    try (LibraryClient reader = client(made.apiKey())) {
      assertThat(reader.libraries().get("papers").name()).isEqualTo("Papers");
      refused("permission_denied", () -> reader.libraries().delete("papers"));
      IssuedKey rotated = root.keys().rotate(made.key().id());
      refused(MyelinException.UNAUTHENTICATED, () -> reader.libraries().get("papers"));
      root.keys().revoke(rotated.key().id());
    }
    refused("not_found", () -> root.keys().revoke(made.key().id()));
    refused("invalid_request", () -> root.keys().create(NewKey.named("odd", "everything")));
  }
}
