package dev.myelin.memory.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ContextFusionTest {
  private static final int DEPTH = ContextFusion.DEPTH;

  @Test
  void nothingFusesToNothing() {
    assertThat(ContextFusion.fuse(List.of(), List.of(), DEPTH)).isEmpty();
  }

  @Test
  void bothListsCountTheSameFromTheirFloorToTheirBest() {
    List<Hit> fused =
        ContextFusion.fuse(
            List.of(hit(100, 8f), hit(300, 2f)), List.of(hit(200, 0.9f), hit(300, 0.5f)), DEPTH);
    assertThat(fused).extracting(Hit::offset).containsExactly(200L, 100L, 300L);
    assertThat(fused.get(0).score()).isCloseTo(0.5f, within(1e-6f));
    assertThat(fused.get(1).score()).isCloseTo(0.5f, within(1e-6f));
    assertThat(fused.get(2).score()).isCloseTo(0.125f, within(1e-6f));
  }

  @Test
  void aMissingListTakesNoPart() {
    List<Hit> words = List.of(hit(100, 8f), hit(200, 4f));
    assertThat(ContextFusion.fuse(words, List.of(), DEPTH))
        .containsExactly(hit(100, 1f), hit(200, 0.5f));
    assertThat(ContextFusion.fuse(List.of(), List.of(hit(7, 0.3f)), DEPTH))
        .containsExactly(hit(7, 1f));
  }

  @Test
  void aMemoryThatWaitsForItsEmbeddingIsHeldToItsWordsAlone() {
    Hit waiting = new Hit(500, 0, 8f);
    List<Hit> meanings = List.of(hit(100, 0.9f), hit(200, 0.8f), hit(300, 0.4f));
    assertThat(ContextFusion.fuse(List.of(waiting, hit(300, 4f)), meanings, DEPTH))
        .extracting(Hit::offset)
        .startsWith(500L, 100L);
  }

  @Test
  void aFullListOfWordsIsScaledFromItsWorst() {
    List<Hit> words = List.of(hit(100, 8f), hit(200, 6f), hit(300, 4f));
    assertThat(ContextFusion.fuse(words, List.of(), 3))
        .containsExactly(hit(100, 1f), hit(200, 0.5f), hit(300, 0f));
  }

  @Test
  void neighboursLendEachOtherAThirdOfTheirScoreAndLessFurtherAway() {
    List<Hit> fused =
        ContextFusion.fuse(
            List.of(hit(100, 8f), hit(101, 4f), hit(103, 4f), hit(106, 4f)), List.of(), DEPTH);
    assertThat(scoreOf(fused, 100)).isCloseTo(1 + .5f / 3 + .5f / 9, within(1e-6f));
    assertThat(scoreOf(fused, 101)).isCloseTo(.5f + 1f / 3 + .5f / 6 + .5f / 15, within(1e-6f));
    assertThat(scoreOf(fused, 106)).isCloseTo(.5f + .5f / 9 + .5f / 15, within(1e-6f));
  }

  @Test
  void aPassageAmongGoodNeighboursBeatsALonelyOne() {
    List<Hit> meanings = new ArrayList<>(List.of(hit(50, 0.71f)));
    meanings.add(hit(10, 0.7f));
    meanings.add(hit(11, 0.68f));
    meanings.add(hit(12, 0.66f));
    meanings.add(hit(900, 0.4f));
    assertThat(ContextFusion.fuse(List.of(), meanings, DEPTH))
        .extracting(Hit::offset)
        .containsExactly(11L, 10L, 12L, 50L, 900L);
  }

  @Test
  void recordsThatBringEmbeddingsAreNoSteps() {
    Hit first = new Hit(1, 2, 8f);
    Hit second = new Hit(3, 4, 4f);
    List<Hit> fused = ContextFusion.fuse(List.of(first, second), List.of(), DEPTH);
    assertThat(scoreOf(fused, 3)).isCloseTo(.5f + 1f / 3, within(1e-6f));
  }

  @Test
  void equalsGoToTheNewest() {
    assertThat(ContextFusion.fuse(List.of(hit(1, 2f), hit(100, 2f)), List.of(), DEPTH))
        .extracting(Hit::offset)
        .containsExactly(100L, 1L);
  }

  @Test
  void keepsWhereTheEmbeddingIs() {
    List<Hit> fused =
        ContextFusion.fuse(List.of(new Hit(5, 0, 3f)), List.of(new Hit(5, 9, 0.5f)), DEPTH);
    assertThat(fused).containsExactly(new Hit(5, 9, 1f));
  }

  @Property
  void everyCandidateComesOnceBestFirstWithAFiniteScore(@ForAll long seed) {
    Random random = new Random(seed);
    List<Hit> words = hits(random);
    List<Hit> meanings = hits(random);
    List<Hit> fused = ContextFusion.fuse(words, meanings, DEPTH);
    assertThat(fused).isSortedAccordingTo(Hit::compareBestFirst);
    assertThat(fused).extracting(Hit::offset).doesNotHaveDuplicates();
    assertThat(fused)
        .extracting(Hit::offset)
        .containsAll(offsets(words))
        .containsAll(offsets(meanings));
    assertThat(fused).allSatisfy(hit -> assertThat(hit.score()).isBetween(0f, 2.6f));
  }

  private static List<Hit> hits(Random random) {
    return random
        .longs(random.nextInt(DEPTH), 1, 1_000)
        .distinct()
        .mapToObj(offset -> hit(offset, random.nextFloat() * 30))
        .sorted(Hit::compareBestFirst)
        .toList();
  }

  private static List<Long> offsets(List<Hit> hits) {
    return hits.stream().map(Hit::offset).toList();
  }

  private static float scoreOf(List<Hit> hits, long offset) {
    return hits.stream().filter(hit -> hit.offset() == offset).findFirst().orElseThrow().score();
  }

  private static Hit hit(long offset, float score) {
    return new Hit(offset, offset, score);
  }
}
