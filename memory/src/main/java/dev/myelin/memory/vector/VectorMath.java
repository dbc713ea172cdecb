package dev.myelin.memory.vector;

/// The one door to vector arithmetic: SIMD where the JVM offers the Vector API (`--add-modules
/// jdk.incubator.vector`), otherwise plain loops.
public final class VectorMath {
  /// The fastest that this JVM can run.
  public static final Similarity FASTEST =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          ? new SimdSimilarity()
          : new ScalarSimilarity();

  private VectorMath() {}
}
