package dev.myelin.memory.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TermsTest {

  /// Adding is the same as counting all occurrences together, as long as none is past the count's
  /// end.
  @Property(tries = 300)
  void addingCountsAllOccurrences(
      @ForAll @Size(max = 60) long @LongRange(min = -5, max = 5) [] a,
      @ForAll @Size(max = 60) long @LongRange(min = -5, max = 5) [] b) {
    Terms sum = terms(a).plus(terms(b));
    Terms together = terms(LongStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray());
    assertThat(sum.size()).isEqualTo(together.size());
    assertThat(sum.length()).isEqualTo(together.length());
    for (int i = 0; i < together.size(); i++) {
      assertThat(sum.hash(i)).isEqualTo(together.hash(i));
      assertThat(sum.frequency(i)).isEqualTo(together.frequency(i));
      assertThat(sum.frequencyOf(together.hash(i))).isEqualTo(together.frequency(i));
    }
  }

  private static Terms terms(long[] words) {
    long[] hashes = Arrays.stream(words).map(word -> word << 8).toArray();
    return Terms.of(hashes, hashes.length);
  }
}
