package dev.myelin.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.client.model.SpaceEvent;
import dev.myelin.client.model.SpaceEvent.Kind;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TailGapsTest {
  private final TailGaps gaps = new TailGaps();

  private long hear(Kind kind, long sequence, long missed) {
    return gaps.before(
        new SpaceEvent(kind, Instant.EPOCH, "notes", "", "", sequence, missed, Map.of()));
  }

  private long stored(long sequence) {
    return hear(Kind.STORED, sequence, 0);
  }

  @Test
  void countsWhatWasStoredWhileThereWasNoConnection() {
    assertThat(stored(7)).isZero();
    gaps.broke();
    assertThat(stored(12)).isEqualTo(4);
    assertThat(stored(13)).isZero();
  }

  @Test
  void aBreakThatMissedNothingIsNoGap() {
    stored(7);
    gaps.broke();
    assertThat(stored(8)).isZero();
  }

  @Test
  void whatTellsNoNumberOfItsOwnWasNotMissed() {
    stored(7);
    hear(Kind.INDEXED, 7, 0);
    hear(Kind.FORGOTTEN, 0, 0);
    gaps.broke();
    hear(Kind.RESTORED, 0, 0);
    assertThat(stored(11)).isZero();
  }

  @Test
  void anOlderMemorysIndexEventDoesNotHideTheGap() {
    stored(7);
    gaps.broke();
    assertThat(hear(Kind.INDEXED, 3, 0)).isZero();
    assertThat(stored(12)).isEqualTo(3);
  }

  @Test
  void whatTheServerSaidWasMissedIsNotToldAgain() {
    stored(7);
    hear(Kind.MISSED, 0, 5);
    gaps.broke();
    assertThat(stored(15)).isEqualTo(2);
  }

  @Test
  void withoutAMemoryBeforeTheBreakNothingIsKnown() {
    gaps.broke();
    assertThat(stored(12)).isZero();
  }
}
