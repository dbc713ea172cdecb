package dev.myelin.edge.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;

class ObservationCodecFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void neverThrowsAndReadsTheSameAsTheGeneratedParser(byte[] bytes) {
    EmbeddingCutTest.assertSame(bytes);
  }
}
