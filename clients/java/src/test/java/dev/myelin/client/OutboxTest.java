package dev.myelin.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox();

  private void add(String... ids) {
    for (String id : ids) {
      outbox.add(new Pending(Observation.of(id), id, Priority.NORMAL));
    }
  }

  private String write() {
    Pending next = outbox.peek();
    if (next == null) {
      return "";
    }
    outbox.wrote();
    return next.sequence + "=" + next.id;
  }

  private static List<String> ids(List<Pending> all) {
    return all.stream().map(pending -> pending.id).toList();
  }

  @Test
  void numbersAreDenseAndInTheOrderOfArrival() {
    add("a", "b", "c");

    assertThat(List.of(write(), write(), write(), write()))
        .containsExactly("1=a", "2=b", "3=c", "");
  }

  @Test
  void aVerdictOutOfOrderIsOnNoObservation() {
    add("a", "b");
    write();
    write();

    assertThat(outbox.settle(2)).isNull();
    assertThat(outbox.settle(1)).isNotNull().matches(pending -> ((Pending) pending).id.equals("a"));
    assertThat(outbox.settled()).isEqualTo(1);
  }

  @Test
  void afterAResumeOnlyWhatTheServerHasNotSettledGoesOutAgainUnderItsNumber() {
    add("a", "b", "c", "d", "e");
    write();
    write();
    write();
    write();
    var _ = outbox.settle(1);
    outbox.disconnected();

    List<Pending> known = outbox.opened(true, 3);

    assertThat(ids(known)).containsExactly("b", "c");
    assertThat(known.getLast().sequence).isEqualTo(3);
    assertThat(List.of(write(), write())).containsExactly("4=d", "5=e");
  }

  @Test
  void inANewSessionEverythingWithoutAVerdictGetsANewNumber() {
    add("a", "b", "c");
    write();
    write();
    var _ = outbox.settle(1);
    outbox.disconnected();

    assertThat(outbox.opened(false, 0)).isEmpty();
    assertThat(List.of(write(), write())).containsExactly("1=b", "2=c");
  }

  @Test
  void aResumedSessionOfAnotherStreamSettlesNothingOfThisOne() {
    add("a");

    assertThat(outbox.opened(true, 41)).isEmpty();
    assertThat(write()).isEqualTo("42=a");
  }

  @Test
  void whatWasRefusedForLackOfRoomGoesOutOnceMoreUnderANewNumber() {
    add("a", "b");
    write();
    Pending refused = outbox.settle(1);
    assertThat(refused).isNotNull();
    outbox.again(refused);

    assertThat(List.of(write(), write())).containsExactly("2=b", "3=a");
    assertThat(refused.refusals).isEqualTo(1);
  }

  @Test
  void knowsWhetherEverythingBeforeATicketIsWritten() {
    add("a", "b");
    long ticket = outbox.lastTicket();
    add("c");
    write();
    assertThat(outbox.hasWritten(ticket)).isFalse();
    write();
    assertThat(outbox.hasWritten(ticket)).isTrue();
  }

  @Test
  void clearingGivesBackWhatWasSentAndWhatWaits() {
    add("a", "b");
    write();

    assertThat(ids(outbox.clear())).containsExactly("a", "b");
    assertThat(outbox.isEmpty()).isTrue();
  }
}
