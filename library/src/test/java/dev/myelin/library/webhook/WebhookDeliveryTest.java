package dev.myelin.library.webhook;

import static dev.myelin.library.webhook.WebhookFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.event.Cause;
import dev.myelin.library.model.LibraryPatch;
import dev.myelin.library.webhook.Receiver.Answer;
import dev.myelin.library.webhook.Receiver.Received;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.ledger.DeliveryStatus;
import dev.myelin.library.webhook.ledger.Figures;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookPatch;
import dev.myelin.library.webhook.registration.WebhookStatus;
import dev.myelin.model.SpaceId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How events reach targets that answer, fail, hang and come back.
final class WebhookDeliveryTest {
  @TempDir Path folder;
  private WebhookFixture fixture;
  private Receiver target;
  private SpaceId papers;

  @BeforeEach
  void open() throws Exception {
    fixture = new WebhookFixture(folder);
    target = new Receiver();
    papers = fixture.library("papers");
  }

  @AfterEach
  void close() {
    fixture.close();
    target.close();
  }

  private List<Object> documents(Receiver receiver) {
    return receiver.accepted().stream()
        .map(request -> request.body().object("data").get("document_id"))
        .toList();
  }

  private static List<Object> named(int from, int to) {
    return IntStream.range(from, to).<Object>mapToObj(i -> "doc-" + i).toList();
  }

  private void add(SpaceId library, int from, int to) {
    IntStream.range(from, to).forEach(i -> fixture.add(library, "doc-" + i));
  }

  @Test
  void tellsWhatIsWantedFromNowOnInOrderAndSigned() {
    fixture.add(papers, "before");
    Webhook webhook = fixture.webhook(target, null, "document.*", "library.created");
    add(papers, 0, 3);
    var _ = fixture.libraries.update(papers, new LibraryPatch("New", null, null, null), Cause.NONE);
    fixture.libraries.delete(papers, "doc-1", null, Cause.NONE);
    await("five events", () -> target.accepted().size() == 4);
    SpaceId other = fixture.library("other");
    fixture.add(other, "elsewhere");
    await("two events more", () -> target.accepted().size() == 6);

    assertThat(target.accepted())
        .extracting(Received::type)
        .startsWith("document.added", "document.added", "document.added", "document.deleted")
        .endsWith("library.created", "document.added");
    assertThat(documents(target).subList(0, 4)).containsExactly("doc-0", "doc-1", "doc-2", "doc-1");
    Received first = target.accepted().getFirst();
    assertThat(first.body().map().keySet())
        .containsExactly("id", "type", "created_at", "data", "library_id", "offset");
    assertThat(first.body().text("library_id")).isEqualTo("papers");
    assertThat(Instant.parse(first.body().text("created_at")))
        .isEqualTo(fixture.clock.instant().minus(Duration.ofMillis(1)));
    assertThat(first.header("X-event-id")).isEqualTo(first.body().text("id"));
    assertThat(first.header("X-webhook-id")).isEqualTo(webhook.id());
    assertThat(target.accepted().subList(0, 4)).extracting(Received::offset).isSorted();

    String secret = fixture.webhooks.rotate(webhook.id(), "a secret of somebody").secret();
    fixture.add(papers, "signed");
    await("the signed event", () -> target.accepted().size() == 7);
    Received signed = target.accepted().getLast();
    assertThat(signed.header("X-webhook-signature"))
        .isEqualTo(Signatures.plain(secret, signed.bytes()));
    assertThat(signed.header("X-webhook-signature-timed"))
        .isEqualTo(Signatures.timed(secret, fixture.clock.instant(), signed.bytes()));
    await("it is counted", () -> fixture.webhooks.figures(webhook.id()).attempts() == 7);
    Figures figures = fixture.webhooks.figures(webhook.id());
    assertThat(figures.successRate()).isEqualTo(100);
  }

  @Test
  void losesNothingWhenTheTargetFailsForAnHour() {
    Webhook webhook = fixture.webhook(target, papers, "*");
    target.answers(500);
    add(papers, 0, 5);
    Instant began = fixture.clock.instant();
    Instant end = began.plus(Duration.ofHours(1));
    int failed = 0;
    while (fixture.clock.instant().isBefore(end)) {
      Instant next = fixture.nextAttempt(webhook);
      failed++;
      long full = Math.min(60_000L << (failed - 1), 3_600_000);
      assertThat(Duration.between(fixture.clock.instant(), next).toMillis())
          .isBetween(full / 2, full);
      fixture.clock.set(next);
    }
    // Attempts that were due while the clock was moved fail as well.
    Instant last = fixture.nextAttempt(webhook);
    assertThat(target.accepted()).isEmpty();
    assertThat(fixture.now(webhook).isActive()).isTrue();
    assertThat(target.received())
        .extracting(Received::offset)
        .containsOnly(target.received().getFirst().offset());
    assertThat(fixture.log(webhook))
        .allMatch(delivery -> delivery.status() == DeliveryStatus.RETRYING)
        .extracting(Delivery::answer)
        .containsOnly(new Delivery.Answer(500, ""));

    target.answers(200);
    add(papers, 5, 7);
    fixture.clock.set(last);
    await("all events", () -> target.accepted().size() == 7);
    assertThat(documents(target)).isEqualTo(named(0, 7));
    await("all are counted", () -> fixture.webhooks.figures(webhook.id()).successful() == 7);
    assertThat(fixture.webhooks.figures(webhook.id()).failed()).isEqualTo(failed + 1);
  }

  @Test
  void pausesAfterLongFailureAndGoesOnWhereItStoodWhenResumed() {
    Webhook webhook = fixture.webhook(target, null, "*");
    target.answers(503);
    add(papers, 0, 3);
    Instant began = fixture.clock.instant();
    while (fixture.now(webhook).isActive()) {
      await(
          "it waits or pauses",
          () ->
              !fixture.now(webhook).isActive()
                  || fixture.due(webhook).isAfter(fixture.clock.instant()));
      if (fixture.now(webhook).isActive()) {
        fixture.clock.set(fixture.due(webhook));
      }
    }
    assertThat(fixture.now(webhook).status()).isEqualTo(WebhookStatus.PAUSED);
    assertThat(fixture.now(webhook).statusReason())
        .contains("failed since " + began)
        .contains("answered 503");
    assertThat(Duration.between(began, fixture.clock.instant()))
        .isBetween(Duration.ofDays(1), Duration.ofHours(26));
    assertThat(fixture.log(webhook).getFirst().status()).isEqualTo(DeliveryStatus.FAILED);

    target.answers(200);
    add(papers, 3, 5);
    fixture.restart();
    assertThat(fixture.now(webhook).status()).isEqualTo(WebhookStatus.PAUSED);
    assertThat(target.accepted()).isEmpty();
    fixture.become(webhook, WebhookStatus.ACTIVE);
    await("all events", () -> target.accepted().size() == 5);
    assertThat(documents(target)).isEqualTo(named(0, 5));
    assertThat(fixture.now(webhook).statusReason()).isNull();
  }

  @Test
  void goesOnAfterARestartWhereItStood() {
    Webhook webhook = fixture.webhook(target, null, "document.added");
    add(papers, 0, 2);
    await("two events", () -> fixture.log(webhook).size() == 2);
    target.answers(500);
    add(papers, 2, 4);
    Instant next = fixture.nextAttempt(webhook);
    fixture.restart();
    add(papers, 4, 6);
    target.answers(200);
    assertThat(fixture.nextAttempt(webhook)).isEqualTo(next);
    assertThat(fixture.log(webhook).getFirst().attempt()).isEqualTo(1);
    fixture.clock.set(next);
    await("six events", () -> target.accepted().size() == 6);
    assertThat(documents(target)).isEqualTo(named(0, 6));
    assertThat(target.received()).hasSize(7);
  }

  @Test
  void triesAtOnceWhenTheUrlChanges() throws Exception {
    Webhook webhook = fixture.webhook(target, papers, "*");
    target.answers(404);
    add(papers, 0, 2);
    var _ = fixture.nextAttempt(webhook);
    try (Receiver better = new Receiver()) {
      Webhook moved =
          fixture.webhooks.update(
              webhook.id(), new WebhookPatch(better.url(), null, null, null, null, null, null));
      assertThat(moved.url()).isEqualTo(URI.create(better.url()));
      await("both events", () -> better.accepted().size() == 2);
      assertThat(documents(better)).isEqualTo(named(0, 2));
    }
  }

  @Test
  void waitsAsLongAsTheTargetAsksWithinABound() {
    Webhook webhook = fixture.webhook(target, papers, "*");
    target.answers(_ -> new Answer(429, Map.of("Retry-After", "900")));
    add(papers, 0, 1);
    Instant next = fixture.nextAttempt(webhook);
    assertThat(next).isEqualTo(fixture.clock.instant().plusSeconds(900));

    target.answers(_ -> new Answer(503, Map.of("Retry-After", "999999")));
    fixture.clock.set(next);
    assertThat(fixture.nextAttempt(webhook)).isEqualTo(next.plus(Duration.ofHours(1)));
  }

  @Test
  void aTargetThatHangsCostsTheOthersNothing() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    List<SpaceId> many =
        IntStream.range(0, 10).mapToObj(i -> fixture.library("library-" + i)).toList();
    try (Receiver hanging = new Receiver()) {
      hanging.answers(_ -> {
        never.await();
        return new Answer(200, Map.of());
      });
      Webhook stuck = fixture.webhook(hanging, null, "*");
      Webhook good = fixture.webhook(target, null, "document.*");
      for (SpaceId library : many) {
        add(library, 0, 3);
      }
      await("all events of the others", () -> target.accepted().size() == 30);
      await("as many as may be", () -> hanging.received().size() == 4);
      assertThat(fixture.log(stuck)).isEmpty();
      await("all is written", () -> fixture.log(good).size() == 30);
      for (SpaceId library : many) {
        assertThat(target.accepted())
            .filteredOn(request -> request.body().text("library_id").equals(library.name()))
            .extracting(request -> request.body().object("data").get("document_id"))
            .containsExactlyElementsOf(named(0, 3));
      }
      assertThat(hanging.received()).hasSize(4);
    } finally {
      never.countDown();
    }
  }

  @Test
  void tellsNothingOfATenantThatHasEnded() {
    Webhook webhook = fixture.webhook(target, null, "*");
    fixture.tenantLives = false;
    add(papers, 0, 1);
    fixture.tenantLives = true;
    add(papers, 1, 2);
    await("both events", () -> target.accepted().size() == 2);
    fixture.tenantLives = false;
    add(papers, 2, 3);
    fixture.become(webhook, WebhookStatus.PAUSED);
    fixture.become(webhook, WebhookStatus.ACTIVE);
    fixture.restart();
    assertThat(documents(target)).isEqualTo(named(0, 2));
  }

  @Test
  void tellsOfMemoriesOnlyWhoAsksByName() throws Exception {
    try (Receiver other = new Receiver()) {
      var _ = fixture.webhook(other, null, "*");
      var _ = fixture.webhook(target, null, "memory.added", "document.added");
      fixture.stream(papers, "something was seen");
      await("the memory", () -> target.accepted().size() == 1);
      add(papers, 0, 1);
      await("the document", () -> target.accepted().size() == 2);
      await("the document there", () -> other.accepted().size() == 1);
      assertThat(target.accepted())
          .extracting(Received::type)
          .containsExactly("memory.added", "document.added");
      assertThat(other.accepted()).extracting(Received::type).containsExactly("document.added");
    }
  }

  @Test
  void tellsOfPassagesOnlyWhoAsksByName() throws Exception {
    try (Receiver other = new Receiver()) {
      Webhook webhook = fixture.webhook(target, papers, "chunk.added", "chunk.deleted");
      Webhook usual = fixture.webhook(other, null, "*", "chunk.deleted");
      add(papers, 0, 1);
      await("the passages", () -> target.accepted().size() == 1);
      await("the document there", () -> other.accepted().size() == 1);
      fixture.libraries.delete(papers, "doc-0", null, Cause.NONE);
      await("they go", () -> fixture.log(webhook).size() == 2);
      await("they go there", () -> other.accepted().size() == 3);
      fixture.become(webhook, WebhookStatus.PAUSED);
      add(papers, 1, 2);
      await("another document there", () -> other.accepted().size() == 4);
      // What was answered but is not written yet would be told again.
      await("all is written", () -> fixture.log(usual).size() == 4);
      fixture.restart();
      fixture.become(webhook, WebhookStatus.ACTIVE);
      await("what came meanwhile", () -> target.accepted().size() == 3);
      assertThat(target.accepted())
          .extracting(Received::type)
          .containsExactly("chunk.added", "chunk.deleted", "chunk.added");
      assertThat(target.accepted())
          .extracting(request -> request.body().number("offset"))
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(other.accepted())
          .extracting(Received::type)
          .containsExactly("document.added", "chunk.deleted", "document.deleted", "document.added");
    }
  }

  @Test
  void testsATargetOnceAlsoWhilePaused() throws Exception {
    Webhook webhook = fixture.webhook(target, papers, "*");
    fixture.become(webhook, WebhookStatus.PAUSED);
    Delivery good = fixture.webhooks.test(webhook.id());
    target.answers(_ -> new Answer(302, Map.of("Location", target.url() + "/elsewhere")));
    Delivery bad = fixture.webhooks.test(webhook.id());

    assertThat(good.status()).isEqualTo(DeliveryStatus.SUCCESS);
    assertThat(good.eventType()).isEqualTo("webhook.test");
    assertThat(bad.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(bad.error()).contains("302").contains("redirects are not followed");
    assertThat(target.received()).hasSize(2);
    assertThat(fixture.log(webhook)).containsExactly(bad, good);
    assertThat(fixture.webhooks.figures(webhook.id()).successRate()).isEqualTo(50);
  }
}
