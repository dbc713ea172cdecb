package dev.myelin.stream.pressure;

/// Where a lane's pressure changes what the server does, each from 0 (empty) to 1 (full).
///
/// @param activeBelow a lane under pressure is calm again below this
/// @param backpressureFrom clients are told from here on
/// @param overloadedFrom observations are rejected from here on
public record PressureBounds(float activeBelow, float backpressureFrom, float overloadedFrom) {
  public static final PressureBounds DEFAULT = new PressureBounds(0.70f, 0.80f, 0.95f);

  public PressureBounds {
    if (!(0f < activeBelow
        && activeBelow < backpressureFrom
        && backpressureFrom < overloadedFrom
        && overloadedFrom <= 1f)) {
      throw new IllegalArgumentException(
          "pressure bounds: "
              + activeBelow
              + ", "
              + backpressureFrom
              + ", "
              + overloadedFrom
              + " (expected: 0 < activeBelow < backpressureFrom < overloadedFrom <= 1)");
    }
  }
}
