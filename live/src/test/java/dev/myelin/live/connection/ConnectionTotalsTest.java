package dev.myelin.live.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.live.connection.ConnectionInfo.Traffic;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConnectionTotalsTest {
  private final ConnectionRegistry registry = new ConnectionRegistry(ConnectionLimits.DEFAULT);

  /// A connection through which so much went.
  private record Fake(String id, long received, long sent) implements LiveConnection {
    @Override
    public ConnectionInfo info() {
      return new ConnectionInfo(
          id,
          "",
          "ann",
          null,
          "127.0.0.1",
          "websocket",
          Instant.EPOCH,
          new Traffic(1, received, sent, 0));
    }

    @Override
    public void end(String reason) {
      throw new AssertionError("nobody ends it");
    }
  }

  private Place open(String tenant, String id, long received, long sent) {
    if (registry.admit(tenant, id) instanceof Admission.Admitted(Place place)) {
      place.register(new Fake(id, received, sent));
      return place;
    }
    throw new AssertionError("there is no room");
  }

  @Test
  void countsWhatWentThroughOpenConnectionsAndClosedOnes() {
    Place first = open("acme", "c1", 1, 10);
    open("acme", "c2", 2, 20);
    open("other", "c3", 4, 40);
    assertThat(registry.totals("acme")).isEqualTo(new ConnectionTotals(2, 2, 3, 30));

    first.close();
    first.close();
    assertThat(registry.totals("acme")).isEqualTo(new ConnectionTotals(1, 2, 3, 30));
    assertThat(registry.totals("nobody")).isEqualTo(ConnectionTotals.NONE);
    assertThat(registry.totals())
        .containsOnlyKeys("acme", "other")
        .containsEntry("acme", new ConnectionTotals(1, 2, 3, 30))
        .containsEntry("other", new ConnectionTotals(1, 1, 4, 40));
  }

  @Test
  void countsForWhomItTurnsOutToBe() {
    Place place = open("-", "c1", 1, 2);
    assertThat(registry.totals()).containsOnlyKeys("-");
    assertThat(place.moveTo("acme", "tab")).isInstanceOf(Admission.Admitted.class);
    assertThat(registry.totals()).containsOnlyKeys("acme");
    place.close();
    assertThat(registry.totals("acme")).isEqualTo(new ConnectionTotals(0, 1, 1, 2));
    assertThat(registry.totals("-")).isEqualTo(ConnectionTotals.NONE);
  }

  @Test
  void whoNeverGotThroughItsHandshakeIsNoConnection() {
    assertThat(registry.admit("acme", "tab"))
        .isInstanceOfSatisfying(Admission.Admitted.class, admitted -> admitted.place().close());
    assertThat(registry.totals()).isEmpty();
  }

  @Test
  void forgetsTenantsThatAreLongGoneWhereThereAreTooMany() {
    for (int i = 0; i < ClosedConnections.MAX_TENANTS; i++) {
      open("t" + i, "c", 1, 1).close();
    }
    open("t0", "c", 1, 1).close();
    open("one more", "c", 1, 1).close();
    assertThat(registry.totals()).hasSize(ClosedConnections.MAX_TENANTS).doesNotContainKey("t1");
    assertThat(registry.totals("t0").opened()).isEqualTo(2);
  }
}
