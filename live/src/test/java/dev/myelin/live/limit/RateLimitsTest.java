package dev.myelin.live.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.live.timer.TimerWheel;
import dev.myelin.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private static final RateKey ANN = new RateKey("acme", "ann");
  private static final RateKey BOB = new RateKey("acme", "bob");

  private final ManualClock clock = new ManualClock();
  private final TimerWheel wheel = TimerWheel.standing(clock);
  private final RateLimits limits = new RateLimits(RateLimitConfig.DEFAULT, wheel, clock);

  @Test
  void allowsABurstThenRefusesUntilTokensComeBack() {
    allow(ANN, Bucket.CHAT, 5);
    Verdict.Refused refused = refuse(ANN, Bucket.CHAT);
    assertThat(refused.bucket()).isEqualTo("chat");
    assertThat(refused.rate()).isEqualTo(Rate.perSeconds(10, 60, 5));
    assertThat(refused.remaining()).isZero();
    // One token takes six seconds: to say one would send the client into the next refusal.
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(6));
    pass(refused.retryAfter());
    allow(ANN, Bucket.CHAT, 1);
    refuse(ANN, Bucket.CHAT);
  }

  @Test
  void keepsUsersAndBucketsApart() {
    allow(ANN, Bucket.CHAT, 5);
    refuse(ANN, Bucket.CHAT);
    allow(BOB, Bucket.CHAT, 5);
    allow(new RateKey("other", "ann"), Bucket.CHAT, 5);
    allow(ANN, Bucket.CANCEL, 20);
  }

  @Test
  void doublesThePauseWithEachStrikeAndClosesAtTheFifth() {
    allow(ANN, Bucket.OTHER, 50);
    List<Long> seconds = new ArrayList<>();
    List<Boolean> last = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Verdict.Refused refused = refuse(ANN, Bucket.OTHER);
      seconds.add(refused.retryAfter().toSeconds());
      last.add(refused.isLast());
    }
    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    assertThat(last).containsExactly(false, false, false, false, true, true, true, true);
  }

  @Test
  void forgetsStrikesAfterAMinute() {
    allow(ANN, Bucket.CHAT, 5);
    for (int i = 1; i <= 4; i++) {
      assertThat(refuse(ANN, Bucket.CHAT).strikes()).isEqualTo(i);
    }
    pass(Duration.ofSeconds(60));
    allow(ANN, Bucket.CHAT, 5);
    assertThat(refuse(ANN, Bucket.CHAT).strikes()).isEqualTo(1);
  }

  @Test
  void leavesOutTooMuchTypingWithoutAWord() {
    allow(ANN, Bucket.TYPING, 3);
    for (int i = 0; i < 20; i++) {
      assertThat(limits.check(ANN, Bucket.TYPING, 1)).isInstanceOf(Verdict.Merged.class);
    }
    pass(Duration.ofSeconds(1));
    allow(ANN, Bucket.TYPING, 1);
    assertThat(limits.stats().merged()).isEqualTo(20);
    assertThat(limits.stats().refused()).isEmpty();
  }

  @Test
  void takesAsManyTokensAsAFrameHasChannels() {
    assertThat(limits.check(ANN, Bucket.SUBSCRIBE, 30)).isInstanceOf(Verdict.Allowed.class);
    Verdict.Refused refused = (Verdict.Refused) limits.check(ANN, Bucket.SUBSCRIBE, 30);
    assertThat(refused.remaining()).isEqualTo(20);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(12));
    pass(Duration.ofSeconds(60));
    // What is larger than the bucket takes all of a full one.
    assertThat(limits.check(ANN, Bucket.SUBSCRIBE, 80)).isInstanceOf(Verdict.Allowed.class);
    assertThat(limits.check(ANN, Bucket.SUBSCRIBE, 1)).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void boundsAllFramesOfAConnectionWhateverTheyAre() {
    RateLimits strict = limits(Map.of(), Rate.perSeconds(10, 1, 10), 100);
    Line line = strict.line(ANN);
    for (int i = 0; i < 10; i++) {
      assertThat(line.check(Bucket.TYPING, 1)).isNotInstanceOf(Verdict.Refused.class);
    }
    // Typing is left out in silence, but not endlessly.
    Verdict.Refused refused = (Verdict.Refused) line.check(Bucket.TYPING, 1);
    assertThat(refused.bucket()).isEqualTo("connection");
    assertThat(strict.line(ANN).check(Bucket.OTHER, 1)).isInstanceOf(Verdict.Allowed.class);
    assertThat(strict.stats().refused()).containsEntry("connection", 1L);
  }

  @Test
  void countsStrikesPerConnectionSoThatOneDeviceDoesNotCloseTheOther() {
    Line storming = limits.line(ANN);
    Line quiet = limits.line(ANN);
    for (int i = 0; i < 5; i++) {
      assertThat(storming.check(Bucket.CHAT, 1)).isInstanceOf(Verdict.Allowed.class);
    }
    Verdict last = Verdict.Allowed.INSTANCE;
    for (int i = 0; i < 5; i++) {
      last = storming.check(Bucket.CHAT, 1);
    }
    assertThat(last)
        .isInstanceOfSatisfying(
            Verdict.Refused.class, refused -> assertThat(refused.isLast()).isTrue());
    // They share the tokens, not the strikes.
    assertThat(quiet.check(Bucket.CHAT, 1))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> {
              assertThat(refused.strikes()).isEqualTo(1);
              assertThat(refused.isLast()).isFalse();
            });
    quiet.belongsTo(BOB);
    assertThat(quiet.check(Bucket.CHAT, 1)).isInstanceOf(Verdict.Allowed.class);
  }

  @Test
  void forgetsBucketsThatAreFullAgain() {
    allow(ANN, Bucket.CHAT, 1);
    allow(ANN, Bucket.UPLOAD, 1);
    assertThat(limits.stats().keys()).isEqualTo(2);
    pass(Duration.ofSeconds(90));
    assertThat(limits.stats().keys()).isEqualTo(1);
    pass(Duration.ofMinutes(5));
    assertThat(limits.stats().keys()).isZero();
    limits.close();
    assertThat(wheel.pending()).isZero();
    allow(ANN, Bucket.CHAT, 5);
  }

  @Test
  void rememberNoMoreThanItMayAndHoldsTheOthersByTheirConnections() {
    RateLimits small = limits(Map.of(), Rate.perSeconds(4, 1, 4), 2);
    assertThat(small.check(ANN, Bucket.CHAT, 5)).isInstanceOf(Verdict.Allowed.class);
    assertThat(small.check(BOB, Bucket.CHAT, 5)).isInstanceOf(Verdict.Allowed.class);
    RateKey stranger = new RateKey("acme", "stranger");
    Line line = small.line(stranger);
    for (int i = 0; i < 4; i++) {
      assertThat(line.check(Bucket.CHAT, 5)).isInstanceOf(Verdict.Allowed.class);
    }
    assertThat(line.check(Bucket.CHAT, 5)).isInstanceOf(Verdict.Refused.class);
    assertThat(small.check(ANN, Bucket.CHAT, 1)).isInstanceOf(Verdict.Refused.class);
    assertThat(small.stats().keys()).isEqualTo(2);
    assertThat(small.stats().unknown()).isEqualTo(4);
  }

  @Test
  void asksForNothingWhereTheLimitIsOff() {
    RateLimits open = limits(Map.of(Bucket.CHAT, Rate.UNLIMITED), Rate.UNLIMITED, 10);
    Line line = open.line(ANN);
    for (int i = 0; i < 1_000; i++) {
      assertThat(line.check(Bucket.CHAT, 1)).isInstanceOf(Verdict.Allowed.class);
    }
    assertThat(open.stats().keys()).isZero();
    assertThat(open.config().rate(Bucket.EDIT)).isEqualTo(Bucket.EDIT.usual());
  }

  @Test
  void neverAllowsMoreThanTheBurstHoweverManyAskSideBySide() throws Exception {
    AtomicInteger allowed = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 500; i++) {
                  if (limits.check(ANN, Bucket.OTHER, 1) instanceof Verdict.Allowed) {
                    allowed.incrementAndGet();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(allowed).hasValue(50);
    assertThat(limits.stats().refused()).containsEntry("other", 3_950L);
  }

  @Test
  void knowsTheBucketOfEachCommand() {
    assertThat(Bucket.ofType("channel.subscribe")).isEqualTo(Bucket.SUBSCRIBE);
    assertThat(Bucket.ofType("unsubscribe")).isEqualTo(Bucket.SUBSCRIBE);
    assertThat(Bucket.ofType("connection.reconnect")).isEqualTo(Bucket.CONNECT);
    assertThat(Bucket.ofType("chat.regenerate")).isEqualTo(Bucket.CHAT);
    assertThat(Bucket.ofType("agent.cancel")).isEqualTo(Bucket.CANCEL);
    assertThat(Bucket.ofType("chat.typing")).isEqualTo(Bucket.TYPING);
    assertThat(Bucket.ofType("team.presence.update")).isEqualTo(Bucket.PRESENCE);
    assertThat(Bucket.ofType("chat.configure")).isEqualTo(Bucket.CONFIGURE);
    assertThat(Bucket.ofType("file.upload.request")).isEqualTo(Bucket.UPLOAD);
    assertThat(Bucket.ofType("file.chunk")).isEqualTo(Bucket.CHUNK);
    assertThat(Bucket.ofType("agent.invoke")).isEqualTo(Bucket.INVOKE);
    assertThat(Bucket.ofType("document.edit")).isEqualTo(Bucket.EDIT);
    assertThat(Bucket.ofType("anything.new")).isEqualTo(Bucket.OTHER);
    assertThat(Bucket.CONNECT_ADDRESS.word()).isEqualTo("connect-address");
  }

  @Test
  void refusesStrikesThatMakeNoSense() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new RateLimitConfig.Strikes(0, second, second, second))
        .hasMessage("gateway.max-strikes: 0 (expected: 1 or more)");
    assertThatThrownBy(() -> new RateLimitConfig.Strikes(1, second, second, Duration.ZERO))
        .hasMessageContaining("gateway.max-retry");
  }

  private RateLimits limits(Map<Bucket, Rate> perUser, Rate perConnection, int maxKeys) {
    return new RateLimits(
        new RateLimitConfig(perUser, perConnection, RateLimitConfig.Strikes.DEFAULT, maxKeys),
        wheel,
        clock);
  }

  private void allow(RateKey key, Bucket bucket, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(limits.check(key, bucket, 1)).isInstanceOf(Verdict.Allowed.class);
    }
  }

  private Verdict.Refused refuse(RateKey key, Bucket bucket) {
    Verdict verdict = limits.check(key, bucket, 1);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return (Verdict.Refused) verdict;
  }

  private void pass(Duration time) {
    clock.advance(time);
    wheel.turn();
  }
}
