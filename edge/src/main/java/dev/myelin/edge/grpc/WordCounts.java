package dev.myelin.edge.grpc;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// How like two texts are by the words they are made of.
final class WordCounts {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private WordCounts() {}

  /// The cosine of their word counts: 1 for the same words equally often, 0 for none in common.
  static float cosine(String one, String other) {
    Map<String, Integer> counts = count(one);
    Map<String, Integer> others = count(other);
    double dot = 0;
    for (Map.Entry<String, Integer> word : counts.entrySet()) {
      dot += (double) word.getValue() * others.getOrDefault(word.getKey(), 0);
    }
    return dot == 0 ? 0f : (float) (dot / (length(counts) * length(others)));
  }

  private static Map<String, Integer> count(String text) {
    Map<String, Integer> counts = new HashMap<>();
    WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .forEach(word -> counts.merge(word.group(), 1, Integer::sum));
    return counts;
  }

  private static double length(Map<String, Integer> counts) {
    return Math.sqrt(counts.values().stream().mapToDouble(n -> (double) n * n).sum());
  }
}
