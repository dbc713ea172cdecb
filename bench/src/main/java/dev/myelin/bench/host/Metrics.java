package dev.myelin.bench.host;

import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Target;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// What a server told of itself at one moment: Prometheus' text, by series.
///
/// @param values from a series, labels included, to its value
public record Metrics(Map<String, Double> values) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public Metrics {
    values = Map.copyOf(values);
  }

  /// Asks a server.
  public static Metrics of(Target target) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(target.page("/metrics")).timeout(PATIENCE);
    if (target.apiKey() != null) {
      request.header("Authorization", "Bearer " + target.apiKey());
    }
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new LoadFailure("the server does not show its metrics: HTTP " + answer.statusCode());
      }
      return parse(answer.body());
    }
  }

  static Metrics parse(String text) {
    Map<String, Double> values = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#") && line.contains(" "))
        .forEach(line -> {
          int space = line.lastIndexOf(' ');
          values.put(line.substring(0, space), number(line.substring(space + 1)));
        });
    return new Metrics(values);
  }

  private static double number(String text) {
    return "+Inf".equals(text) ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  /// How much a counter grew since an earlier moment.
  public double since(Metrics earlier, String series) {
    return values.getOrDefault(series, 0.0) - earlier.values.getOrDefault(series, 0.0);
  }

  /// The sum of all series of a name, whatever their labels.
  public double sum(String name) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /// Seconds of processor the server has used.
  public double cpuSeconds() {
    return sum("process_cpu_time_ns_total") / 1e9;
  }

  /// The mean of a summary or timer since an earlier moment; 0 if it saw nothing.
  public double meanSince(Metrics earlier, String name) {
    double count = since(earlier, name + "_count");
    return count == 0 ? 0 : since(earlier, name + "_sum") / count;
  }

  /// The bound of the bucket in which a percentile of a histogram lies since an earlier moment; 0
  /// if it saw nothing.
  public double percentileSince(Metrics earlier, String name, double percentile) {
    String prefix = name + "_bucket{";
    TreeMap<Double, Double> counts = new TreeMap<>();
    for (String series : values.keySet()) {
      if (series.startsWith(prefix)) {
        String bound = series.replaceFirst(".*le=\"", "").replaceFirst("\".*", "");
        counts.merge(number(bound), since(earlier, series), Double::sum);
      }
    }
    double all = counts.isEmpty() ? 0 : counts.lastEntry().getValue();
    for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
      if (all > 0 && bucket.getValue() >= all * percentile / 100) {
        return bucket.getKey();
      }
    }
    return 0;
  }
}
