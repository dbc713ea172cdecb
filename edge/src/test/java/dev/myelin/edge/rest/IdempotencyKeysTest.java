package dev.myelin.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.journal.Journal;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.model.Principal;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyKeysTest {
  private static final int MOST = 3;

  @TempDir private Path folder;

  private final ManualClock clock = new ManualClock();
  private final AtomicInteger done = new AtomicInteger();
  private Journal journal;
  private final List<String> ids = new ArrayList<>();

  private IdempotencyKeys keys;

  @BeforeEach
  void open() {
    journal = RocksJournal.open(folder, JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
    keys = new IdempotencyKeys(IdempotencyStore.open(journal, clock, MOST));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static RestRequest request(String key) {
    return request("default", key);
  }

  private static RestRequest request(String tenant, String key) {
    return request(new Principal(tenant, "a-key", 0, "a key", List.of()), key);
  }

  private static RestRequest request(Principal principal, String key) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Idempotency-Key", key);
    return new RestRequest(
        "id",
        "POST",
        principal,
        Map.of(),
        MultiMap.caseInsensitiveMultiMap(),
        headers,
        InputStream.nullInputStream(),
        null,
        new CompletableFuture<>());
  }

  private RestAnswer ask(RestRequest request, String body) {
    return keys.answer(request, "/v1/libraries", body.getBytes(StandardCharsets.UTF_8), this::work);
  }

  private RestAnswer work(RestRequest named) {
    ids.add(String.valueOf(named.idOf(0)));
    int number = done.incrementAndGet();
    return RestAnswer.json(201, json -> json.writeNumber(number));
  }

  private static String text(RestAnswer answer) {
    return new String(((RestAnswer.Bytes) answer.content()).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void givesTheFirstAnswerAgain() {
    RestAnswer first = ask(request("key"), "body");
    RestAnswer second = ask(request("key"), "body");

    assertThat(text(first)).isEqualTo("1");
    assertThat(text(second)).isEqualTo("1");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.headers()).containsEntry(IdempotencyKeys.REPLAYED, "true");
    assertThat(first.headers()).doesNotContainKey(IdempotencyKeys.REPLAYED);
  }

  @Test
  void refusesTheKeyForAnotherRequest() {
    var _ = ask(request("key"), "body");

    assertThatThrownBy(() -> ask(request("key"), "other"))
        .isInstanceOfSatisfying(RestException.class, e -> assertThat(e.status()).isEqualTo(422));
    assertThat(done).hasValue(1);
  }

  @Test
  void keepsTenantsApart() {
    assertThat(text(ask(request("one", "key"), "body"))).isEqualTo("1");
    assertThat(text(ask(request("two", "key"), "other"))).isEqualTo("2");
  }

  @Test
  void keepsApiKeysOfATenantApart() {
    Principal other = new Principal("one", "another-key", 0, "another key", List.of());

    assertThat(text(ask(request("one", "key"), "body"))).isEqualTo("1");
    assertThat(text(ask(request(other, "key"), "body"))).isEqualTo("2");
    assertThat(text(ask(request("one", "key"), "body"))).isEqualTo("1");
  }

  @Test
  void remembersAcrossARestart() {
    var _ = ask(request("key"), "body");
    close();
    open();

    assertThat(text(ask(request("key"), "body"))).isEqualTo("1");
  }

  @Test
  void forgetsAfterADay() {
    var _ = ask(request("key"), "body");
    clock.advance(IdempotencyStore.KEPT.plus(Duration.ofSeconds(1)));

    assertThat(text(ask(request("key"), "body"))).isEqualTo("2");
  }

  @Test
  void aRequestThatIsDoneAgainMakesThingsOfTheSameId() {
    var _ = ask(request("key"), "body");
    clock.advance(IdempotencyStore.KEPT.plus(Duration.ofSeconds(1)));
    var _ = ask(request("key"), "body");
    clock.advance(IdempotencyStore.KEPT.plus(Duration.ofSeconds(1)));
    var _ = ask(request("key"), "other");
    var _ = ask(request("other"), "body");

    assertThat(ids.get(1)).isEqualTo(ids.getFirst());
    assertThat(ids).hasSize(4);
    assertThat(Set.copyOf(ids)).hasSize(3).doesNotContain("null");
    assertThat(request("key").idOf(0)).isNull();
  }

  @Test
  void forgetsTheOldestOfTooMany() {
    for (int i = 0; i <= MOST; i++) {
      var _ = ask(request("key" + i), "body");
    }

    assertThat(text(ask(request("key1"), "body"))).isEqualTo("2");
    assertThat(text(ask(request("key0"), "body"))).isEqualTo(Integer.toString(MOST + 2));
  }

  @Test
  void doesNotKeepFailures() {
    RestAnswer failed =
        keys.answer(
            request("key"),
            "/v1/libraries",
            new byte[0],
            _ -> new RestAnswer(503, Map.of(), new RestAnswer.Empty()));

    assertThat(failed.status()).isEqualTo(503);
    assertThat(keys.answer(request("key"), "/v1/libraries", new byte[0], this::work).status())
        .isEqualTo(201);
  }

  @Test
  void refusesARequestWhileItsTwinIsAtWork() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RestAnswer> first =
          other.submit(() ->
              keys.answer(
                  request("key"),
                  "/v1/libraries",
                  new byte[0],
                  named -> {
                    began.countDown();
                    await(mayEnd);
                    return work(named);
                  }));
      await(began);

      assertThatThrownBy(
              () -> keys.answer(request("key"), "/v1/libraries", new byte[0], this::work))
          .isInstanceOfSatisfying(RestException.class, e -> assertThat(e.status()).isEqualTo(409));
      mayEnd.countDown();
      assertThat(text(first.get(60, TimeUnit.SECONDS))).isEqualTo("1");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
