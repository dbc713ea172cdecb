package dev.myelin.model;

/// How sure a memory is, from 0 (not at all) to 1 (certain).
public record Confidence(float value) {
  /// What a memory has whose writer said nothing.
  public static final Confidence DEFAULT = new Confidence(0.7f);

  public Confidence {
    if (!(value >= 0f && value <= 1f)) {
      throw new IllegalArgumentException("confidence: " + value + " (expected: 0 to 1)");
    }
  }

  /// The nearest confidence to any finite number.
  ///
  /// @throws ServiceException INVALID_EPISODE if the number is not finite
  public static Confidence clamp(double value) {
    if (!Double.isFinite(value)) {
      throw new ServiceException(
          ErrorCode.INVALID_EPISODE,
          "Invalid confidence: " + value + " (expected: a number from 0 to 1).");
    }
    return new Confidence((float) Math.clamp(value, 0d, 1d));
  }

  /// The class of this value, by the cuts of the wire protocol's helpers.
  public Category category() {
    if (value <= 0f) {
      return Category.NONE;
    }
    if (value <= 0.2f) {
      return Category.LOW;
    }
    if (value <= 0.7f) {
      return Category.MEDIUM;
    }
    return value <= 0.95f ? Category.HIGH : Category.CERTAIN;
  }

  /// Coarse classes of confidence.
  public enum Category {
    NONE,
    LOW,
    MEDIUM,
    HIGH,
    CERTAIN
  }
}
