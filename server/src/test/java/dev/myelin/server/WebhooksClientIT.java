package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.model.ProblemException;
import dev.myelin.client.webhook.Delivery;
import dev.myelin.client.webhook.DeliveryRules;
import dev.myelin.client.webhook.NewWebhook;
import dev.myelin.client.webhook.Webhook;
import dev.myelin.client.webhook.WebhookChange;
import dev.myelin.client.webhook.WebhookStatus;
import dev.myelin.testkit.Eventually;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks through the Java client.
@Timeout(180)
class WebhooksClientIT {
  @TempDir private Path folder;

  @Test
  void webhooksAreMadeChangedTestedAndDeleted() throws Exception {
    try (TestServer server = TestServer.open(folder, config -> WebhookIT.allowing(config, true));
        WebhookTarget target = new WebhookTarget();
        LibraryClient client =
            LibraryClient.connect(
                URI.create("http://127.0.0.1:" + server.port()), LibraryClientIT.PATIENT)) {
      var _ = client.libraries().create(NewLibrary.named("Papers").withId("papers"));
      Webhook made =
          client
              .webhooks()
              .create(
                  NewWebhook.to(target.url(), "document.*")
                      .ofLibrary("papers")
                      .withDescription("mine")
                      .withRules(new DeliveryRules(2, 1, 5)));
      String secret = made.secret();
      assertThat(secret).isNotNull();
      assertThat(made.toString()).doesNotContain(secret);
      assertThat(made.rules()).isEqualTo(new DeliveryRules(2, 1, 5));
      assertThat(client.webhooks().get(made.id()).secret()).isNull();

      var _ = client.documents("papers").add(NewDocument.ofTexts("Cats", List.of("Cats purr.")));
      Eventually.until("the event is told", () -> !target.told().isEmpty());
      assertThat(target.told().getFirst().json().get("type").asText()).isEqualTo("document.added");
      Eventually.until(
          "the delivery is noted",
          () ->
              client.webhooks().deliveries(made.id()).stream()
                  .anyMatch(delivery -> delivery.eventType().equals("document.added")));

      Delivery tested = client.webhooks().test(made.id());
      assertThat(tested.statusCode()).isEqualTo(200);
      assertThat(tested.status()).isEqualTo("success");
      Webhook paused =
          client
              .webhooks()
              .update(
                  made.id(),
                  WebhookChange.NONE.withStatus(WebhookStatus.PAUSED).withEvents("library.*"));
      assertThat(paused.status()).isEqualTo(WebhookStatus.PAUSED);
      assertThat(paused.events()).containsExactly("library.*");
      assertThat(paused.description()).isEqualTo("mine");
      assertThat(client.webhooks().rotateSecret(made.id()).secret())
          .isNotNull()
          .isNotEqualTo(secret);
      assertThat(client.webhooks().list().stream().map(Webhook::id)).containsExactly(made.id());

      client.webhooks().delete(made.id());
      assertThatThrownBy(() -> client.webhooks().get(made.id()))
          .isInstanceOfSatisfying(
              ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(404));
    }
  }
}
