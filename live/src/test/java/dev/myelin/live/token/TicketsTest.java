package dev.myelin.live.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TicketsTest {
  private final ManualClock clock = new ManualClock();
  private final Tickets tickets = new Tickets(clock);

  private static Principal holder(String id) {
    return new Principal("t1", id, 0, id, List.of());
  }

  @Test
  void aTicketStandsForItsHolderOnce() {
    Ticket ticket = tickets.issue(holder("a"));
    assertThat(ticket.expiresAt()).isEqualTo(clock.instant().plusSeconds(30));
    assertThat(ticket.toString()).doesNotContain(ticket.secret());
    assertThat(tickets.redeem(ticket.secret())).contains(holder("a"));
    assertThat(tickets.redeem(ticket.secret())).isEmpty();
    for (String wrong : List.of("", "tkt_", "tkt_" + "x".repeat(500), ticket.secret() + "x")) {
      assertThat(tickets.redeem(wrong)).isEmpty();
    }
  }

  @Test
  void ofManyWhoShowItAtOnceOneGetsIn() throws Exception {
    String secret = tickets.issue(holder("a")).secret();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> tries =
          IntStream.range(0, 64)
              .mapToObj(_ -> (Callable<Boolean>) () -> tickets.redeem(secret).isPresent())
              .toList();
      int in = 0;
      for (Future<Boolean> one : threads.invokeAll(tries)) {
        in += one.get() ? 1 : 0;
      }
      assertThat(in).isEqualTo(1);
    }
  }

  @Test
  void aTicketEndsByItself() {
    Ticket ticket = tickets.issue(holder("a"));
    clock.advance(Duration.ofSeconds(30));
    assertThat(tickets.redeem(ticket.secret())).isEmpty();
  }

  @Test
  void nobodyHasMoreThanTheirShareAndSharesComeBack() {
    for (int i = 0; i < Tickets.MAX_PER_HOLDER; i++) {
      tickets.issue(holder("a"));
    }
    assertThatThrownBy(() -> tickets.issue(holder("a"))).isInstanceOf(ServiceException.class);
    Ticket other = tickets.issue(holder("b"));
    assertThat(tickets.redeem(other.secret())).isPresent();
    clock.advance(Tickets.LIFETIME);
    assertThat(tickets.redeem(tickets.issue(holder("a")).secret())).isPresent();
  }

  @Test
  void soManyAreOpenAtMost() {
    int holders = Tickets.MAX_OPEN / Tickets.MAX_PER_HOLDER;
    for (int i = 0; i < Tickets.MAX_OPEN; i++) {
      tickets.issue(holder("h" + i % holders));
    }
    assertThatThrownBy(() -> tickets.issue(holder("new"))).isInstanceOf(ServiceException.class);
  }
}
