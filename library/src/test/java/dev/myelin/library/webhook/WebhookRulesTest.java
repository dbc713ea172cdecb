package dev.myelin.library.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.library.webhook.registration.DeliveryPolicy;
import dev.myelin.library.webhook.registration.EventPatterns;
import dev.myelin.library.webhook.registration.Issued;
import dev.myelin.library.webhook.registration.NewWebhook;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookPatch;
import dev.myelin.library.webhook.registration.WebhookStatus;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a webhook must be like, and what is kept of it.
final class WebhookRulesTest {
  private static final String URL = "http://127.0.0.1:9/hook";

  @TempDir Path folder;
  private WebhookFixture fixture;

  @BeforeEach
  void open() {
    fixture = new WebhookFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Issued create(
      String url, List<String> events, @Nullable String library, @Nullable String secret) {
    return fixture.webhooks.create(
        "default", new NewWebhook(url, events, library, null, secret, DeliveryPolicy.DEFAULT));
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.text()).contains(text);
            });
  }

  @Test
  void keepsWebhooksAndTheirSecretsOverARestart() {
    Issued made = create(URL, List.of("document.*", "library.created"), null, null);
    Issued given = create(URL, List.of("*"), null, "0123456789abcdef");
    assertThat(made.secret()).matches("whsec_[0-9a-f]{64}");
    assertThat(given.secret()).isEqualTo("0123456789abcdef");
    assertThat(made.toString() + given).doesNotContain("whsec").doesNotContain("0123456789abcdef");
    fixture.restart();
    assertThat(fixture.webhooks.list("default"))
        .containsExactlyInAnyOrder(made.webhook(), given.webhook());
    assertThat(fixture.webhooks.list("other")).isEmpty();
    Issued rotated = fixture.webhooks.rotate(made.webhook().id(), null);
    assertThat(rotated.secret()).isNotEqualTo(made.secret()).startsWith("whsec_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "127.0.0.1/x",
        "http://",
        "http:///path",
        "http://user:password@127.0.0.1/",
        "http://127.0.0.1/#fragment",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://two words/",
        "javascript:alert(1)"
      })
  void refusesUrlsThatAreNone(String url) {
    assertRefused(() -> create(url, List.of("*"), null, null), ErrorCode.INVALID_WEBHOOK, "url is");
  }

  @Test
  void refusesWhatCannotBe() {
    assertRefused(
        () -> create("http://192.0.2.1/", List.of("*"), null, null),
        ErrorCode.INVALID_WEBHOOK,
        "may not be called: it is elsewhere");
    assertRefused(
        () -> create(URL, List.of("document.*", "documents"), null, null),
        ErrorCode.INVALID_WEBHOOK,
        "events[1] is \"documents\"");
    assertRefused(
        () -> create(URL, List.of("*"), null, "short"), ErrorCode.INVALID_WEBHOOK, "secret has 5");
    assertRefused(
        () -> create(URL, List.of("*"), "no such", null), ErrorCode.INVALID_WEBHOOK, "library_id");
    assertRefused(
        () -> create(URL, List.of("*"), "absent", null), ErrorCode.LIBRARY_NOT_FOUND, "absent");
    Webhook webhook = create(URL, List.of("*"), null, null).webhook();
    WebhookPatch patient =
        new WebhookPatch(null, null, null, null, null, Duration.ofHours(2), null);
    assertRefused(
        () -> fixture.webhooks.update(webhook.id(), patient),
        ErrorCode.INVALID_WEBHOOK,
        "retry_delay_seconds is 7200 (expected: 1 to 3600)");
    assertRefused(
        () -> fixture.webhooks.update("nobody", patient), ErrorCode.NOT_FOUND, "no webhook");
    assertRefused(() -> fixture.webhooks.delete("nobody"), ErrorCode.NOT_FOUND, "no webhook");
    assertRefused(() -> fixture.webhooks.test("nobody"), ErrorCode.NOT_FOUND, "no webhook");
  }

  @Test
  void changesWhatIsToldToChange() {
    Webhook webhook = create(URL, List.of("*"), null, null).webhook();
    Webhook changed =
        fixture.webhooks.update(
            webhook.id(),
            new WebhookPatch(
                URL + "/2",
                List.of("document.added"),
                "For the search page",
                WebhookStatus.PAUSED,
                5,
                Duration.ofSeconds(10),
                Duration.ofSeconds(3)));
    assertThat(changed.url().toString()).isEqualTo(URL + "/2");
    assertThat(changed.events().patterns()).containsExactly("document.added");
    assertThat(changed.description()).isEqualTo("For the search page");
    assertThat(changed.policy())
        .isEqualTo(new DeliveryPolicy(5, Duration.ofSeconds(10), Duration.ofSeconds(3)));
    assertThat(changed.statusReason()).isEqualTo("By request.");
    Webhook same =
        fixture.webhooks.update(
            webhook.id(), new WebhookPatch(null, null, null, null, null, null, null));
    assertThat(same).isEqualTo(changed);
  }

  @Test
  void hasSoManyForATenant() {
    for (int i = 0; i < WebhookConfig.DEFAULT.maxPerTenant(); i++) {
      var _ = create(URL, List.of(), null, null);
    }
    assertRefused(
        () -> create(URL, List.of("*"), null, null), ErrorCode.CONFLICT, "webhooks.max-per-tenant");
  }

  @ParameterizedTest
  @CsvSource({
    "*, document.added, true",
    "*, memory.added, false",
    "memory.*, memory.added, false",
    "memory.added, memory.added, true",
    "*, chunk.added, false",
    "chunk.*, chunk.added, false",
    "chunk.deleted, chunk.deleted, true",
    "chunk.deleted, chunk.added, false",
    "document.*, document.deleted, true",
    "document.*, library.deleted, false",
    "job.*, job.completed, true",
    "document.added, document.updated, false"
  })
  void knowsWhatAPatternMeans(String pattern, String type, boolean wanted) {
    assertThat(new EventPatterns(List.of(pattern)).wants(type)).isEqualTo(wanted);
  }
}
