package dev.myelin.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.testkit.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void spacesObservationsEvenly() {
    Pace pace = new Pace(1_000, 1_000_000);

    assertThat(pace.dueAt(1)).isEqualTo(1_000);
    assertThat(pace.dueAt(2)).isEqualTo(2_000);
    assertThat(pace.dueAt(1_001)).isEqualTo(1_001_000);
  }

  @Test
  void tellsTheLastOneThatIsDue() {
    Pace pace = new Pace(1_000, 1_000_000);

    assertThat(pace.dueBy(999)).isZero();
    assertThat(pace.dueBy(1_000)).isEqualTo(1);
    assertThat(pace.dueBy(1_999)).isEqualTo(1);
    assertThat(pace.dueBy(2_000)).isEqualTo(2);
  }

  @Test
  void isTheSameWhicheverWayItIsAsked() {
    RandomGenerator random = Seed.of("PaceTest").random();
    for (int i = 0; i < 1_000; i++) {
      Pace pace = new Pace(random.nextLong(-1L << 40, 1L << 40), random.nextDouble(0.5, 100_000));
      long sequence = random.nextLong(1, 1_000_000);

      long due = pace.dueAt(sequence);

      assertThat(pace.dueBy(due)).as("pace %d", i).isEqualTo(sequence);
      assertThat(pace.dueBy(due - 1)).isEqualTo(sequence - 1);
    }
  }
}
