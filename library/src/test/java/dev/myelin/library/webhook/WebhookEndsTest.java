package dev.myelin.library.webhook;

import static dev.myelin.library.webhook.WebhookFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.library.event.Cause;
import dev.myelin.library.feed.FeedConfig;
import dev.myelin.library.webhook.Receiver.Received;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.ledger.DeliveryStatus;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookStatus;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What webhooks say of libraries that are deleted, of events that are not kept any more, and how
/// their logs are bounded.
final class WebhookEndsTest {
  @TempDir Path folder;
  private WebhookFixture fixture;
  private Receiver target;

  @BeforeEach
  void open() throws Exception {
    FeedConfig usual = FeedConfig.DEFAULT;
    FeedConfig feed =
        new FeedConfig(
            Duration.ofDays(7), 3, usual.recentEvents(), usual.memoryDelay(), usual.trimInterval());
    WebhookConfig bounds = WebhookConfig.DEFAULT;
    WebhookConfig config =
        new WebhookConfig(
            3,
            bounds.inFlight(),
            bounds.patience(),
            new WebhookConfig.Log(10, Duration.ofDays(2)),
            bounds.targets());
    fixture = new WebhookFixture(folder, config, feed);
    target = new Receiver();
  }

  @AfterEach
  void close() {
    fixture.close();
    target.close();
  }

  private List<String> types() {
    return target.accepted().stream().map(Received::type).toList();
  }

  private void awaitEvents(int number) {
    await(number + " events", () -> target.accepted().size() >= number);
    assertThat(target.accepted()).hasSize(number);
  }

  @Test
  void tellsOfADeletedLibraryAndThenOfTheNextOfThatId() {
    SpaceId papers = fixture.library("papers");
    var _ = fixture.webhook(target, null, "*");
    fixture.add(papers, "one");
    awaitEvents(1);
    fixture.drop(papers);
    awaitEvents(2);
    papers = fixture.library("papers");
    fixture.add(papers, "two");
    awaitEvents(4);
    assertThat(types())
        .containsExactly("document.added", "library.deleted", "library.created", "document.added");
    assertThat(target.accepted().get(2).offset()).isEqualTo(1);
  }

  @Test
  void tellsOfDeletionsAfterItAndOfNoneBeforeItInTheSameMillisecond() {
    SpaceId before = fixture.library("before");
    SpaceId after = fixture.library("after");
    fixture.libraries.delete(before, Cause.NONE);
    var _ = fixture.webhookNow(target, null, "*");
    fixture.libraries.delete(after, Cause.NONE);
    SpaceId next = fixture.libraryNow("next");
    fixture.libraries.delete(next, Cause.NONE);
    await("two deletions", () -> deleted().size() >= 2);
    fixture.restart();
    fixture.drop(fixture.library("last"));
    await("three deletions", () -> deleted().size() >= 3);

    assertThat(deleted()).isEqualTo(Set.of("after", "next", "last"));
  }

  /// The libraries of whose deletion was told, perhaps again after a restart.
  private Set<String> deleted() {
    return target.accepted().stream()
        .filter(request -> request.type().equals("library.deleted"))
        .map(request -> String.valueOf(request.body().object("data").get("library_id")))
        .collect(Collectors.toSet());
  }

  @Test
  void goesOnWithTheNextLibraryOfThatIdAfterARestart() {
    SpaceId papers = fixture.library("papers");
    Webhook webhook = fixture.webhook(target, null, "*");
    fixture.add(papers, "one");
    awaitEvents(1);
    fixture.become(webhook, WebhookStatus.PAUSED);
    fixture.drop(papers);
    papers = fixture.library("papers");
    fixture.restart();
    fixture.become(webhook, WebhookStatus.ACTIVE);
    awaitEvents(3);
    assertThat(types()).containsExactly("document.added", "library.deleted", "library.created");
    fixture.add(papers, "two");
    awaitEvents(4);
    fixture.drop(papers);
    awaitEvents(5);
  }

  @Test
  void endsWithItsOnlyLibrary() {
    SpaceId papers = fixture.library("papers");
    Webhook webhook = fixture.webhook(target, papers, "library.*");
    Webhook unaware = fixture.webhook(target, papers, "document.added");
    fixture.drop(papers);
    awaitEvents(1);
    await("it is disabled", () -> !fixture.now(webhook).isActive());
    await("the other too", () -> !fixture.now(unaware).isActive());

    assertThat(types()).containsExactly("library.deleted");
    assertThat(fixture.now(webhook).status()).isEqualTo(WebhookStatus.DISABLED);
    assertThat(fixture.now(webhook).statusReason()).isEqualTo("Library papers was deleted.");
    assertThatThrownBy(() -> fixture.become(webhook, WebhookStatus.ACTIVE))
        .isInstanceOfSatisfying(
            ServiceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LIBRARY_NOT_FOUND));
    var _ = fixture.library("papers");
    fixture.become(webhook, WebhookStatus.ACTIVE);
    awaitEvents(2);
    assertThat(types()).containsExactly("library.deleted", "library.created");
  }

  @Test
  void saysWhatWasLostWithALibrary() {
    SpaceId papers = fixture.library("papers");
    Webhook webhook = fixture.webhook(target, null, "*");
    fixture.become(webhook, WebhookStatus.PAUSED);
    fixture.add(papers, "one");
    fixture.drop(papers);
    fixture.become(webhook, WebhookStatus.ACTIVE);
    awaitEvents(1);
    assertThat(types()).containsExactly("library.deleted");
    await("two entries", () -> fixture.log(webhook).size() == 2);
    Delivery note = fixture.log(webhook).getLast();
    assertThat(note.eventType()).isEqualTo("webhook.gap");
    assertThat(note.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(note.attempt()).isZero();
    assertThat(note.error()).contains("was deleted before all its events were delivered");
  }

  @Test
  void saysWhatIsNotKeptAnyMoreAndGoesOnAfterIt() {
    SpaceId papers = fixture.library("papers");
    Webhook webhook = fixture.webhook(target, papers, "*");
    fixture.become(webhook, WebhookStatus.PAUSED);
    for (int i = 0; i < 8; i++) {
      fixture.add(papers, "doc-" + i);
    }
    fixture.libraries.feed().trim();
    fixture.become(webhook, WebhookStatus.ACTIVE);
    awaitEvents(3);
    assertThat(target.accepted())
        .extracting(request -> request.body().object("data").get("document_id"))
        .containsExactly("doc-5", "doc-6", "doc-7");
    await("four entries", () -> fixture.log(webhook).size() == 4);
    assertThat(fixture.log(webhook).getLast().error())
        .contains("are not kept any more; deliveries go on after them");
    assertThat(fixture.webhooks.figures(webhook.id()).attempts()).isEqualTo(3);
  }

  @Test
  void keepsSoManyEntriesForSoLong() throws Exception {
    SpaceId papers = fixture.library("papers");
    Webhook webhook = fixture.webhook(target, papers, "*");
    for (int i = 0; i < 14; i++) {
      var _ = fixture.webhooks.test(webhook.id());
    }
    assertThat(fixture.log(webhook)).hasSize(10);
    assertThat(fixture.webhooks.figures(webhook.id()).attempts()).isEqualTo(14);
    fixture.clock.advance(Duration.ofDays(3));
    Delivery fresh = fixture.webhooks.test(webhook.id());
    fixture.webhooks.trim();
    assertThat(fixture.log(webhook)).containsExactly(fresh);
    fixture.webhooks.delete(webhook.id());
    assertThat(fixture.log(webhook)).isEmpty();
    assertThat(fixture.webhooks.find(webhook.id())).isEmpty();
    assertThat(fixture.webhooks.figures(webhook.id()).attempts()).isZero();
  }

  @Test
  void forgetsItsPlaceInLibrariesThatNobodyCanTellOfAnyMore() {
    SpaceId papers = fixture.library("papers");
    Webhook webhook = fixture.webhook(target, null, "*");
    fixture.drop(papers);
    awaitEvents(1);
    fixture.clock.advance(Duration.ofDays(8));
    fixture.libraries.feed().trim();
    fixture.become(webhook, WebhookStatus.PAUSED);
    fixture.become(webhook, WebhookStatus.ACTIVE);
    var _ = fixture.library("papers");
    awaitEvents(2);
    assertThat(types()).containsExactly("library.deleted", "library.created");
  }
}
