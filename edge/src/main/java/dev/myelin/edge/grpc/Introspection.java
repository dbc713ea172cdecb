package dev.myelin.edge.grpc;

import dev.myelin.edge.wire.Timestamps;
import dev.myelin.memory.SpaceInfo;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.ComponentHealth;
import dev.myelin.proto.engram.v1.HealthStatus;
import dev.myelin.proto.engram.v1.IntrospectRequest;
import dev.myelin.proto.engram.v1.IntrospectResponse;
import dev.myelin.proto.engram.v1.MemoryStatistics;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/// Introspect: what the server knows of itself, of one space or of all.
final class Introspection {
  private final GrpcServices services;

  Introspection(GrpcServices services) {
    this.services = services;
  }

  CompletableFuture<IntrospectResponse> introspect(IntrospectRequest request, Caller caller) {
    SpaceId space =
        request.getMemorySpaceId().isEmpty() ? null : caller.reads(request.getMemorySpaceId());
    return CompletableFuture.supplyAsync(
        () ->
            answer(
                request,
                caller.principal(),
                space == null ? readable(caller.principal()) : List.of(known(space))),
        services.blocking());
  }

  private List<SpaceInfo> readable(Principal principal) {
    return services.memories().spaces(principal.tenant()).stream()
        .filter(space -> principal.may(Scope.READ, space.id()))
        .toList();
  }

  private SpaceInfo known(SpaceId space) {
    return services
        .memories()
        .space(space)
        .orElseThrow(() ->
            new ServiceException(
                ErrorCode.NOT_FOUND,
                "There is no space "
                    + space
                    + ". Remember something in it, or leave memory_space_id out for all"
                    + " spaces."));
  }

  private IntrospectResponse answer(
      IntrospectRequest request, Principal principal, List<SpaceInfo> spaces) {
    Map<String, Double> metrics = metrics(principal, spaces);
    if (request.getMetricsCount() > 0) {
      metrics.keySet().retainAll(request.getMetricsList());
    }
    IntrospectResponse.Builder answer =
        IntrospectResponse.newBuilder().setMetricsSnapshotJson(json(metrics));
    metrics.forEach((name, value) -> answer.putMetrics(name, value.floatValue()));
    if (sum(spaces, SpaceInfo::indexLag) > 0) {
      answer.addActiveProcesses("indexing");
    }
    if (sum(spaces, SpaceInfo::embeddingLag) > 0) {
      answer.addActiveProcesses("embedding");
    }
    if (request.getIncludeHealth()) {
      answer.setHealth(health());
    }
    if (request.getIncludeStatistics()) {
      answer.setStatistics(statistics(spaces));
    }
    return answer.build();
  }

  /// What the server as a whole does is for who runs it: it would tell tenants of each other.
  private Map<String, Double> metrics(Principal principal, List<SpaceInfo> spaces) {
    Map<String, Double> metrics = new TreeMap<>();
    if (principal.isRoot()) {
      addMeters(metrics);
      metrics.put("sessions", (double) services.observations().sessions());
    }
    metrics.put("spaces", (double) spaces.size());
    metrics.put("memories", (double) sum(spaces, SpaceInfo::memories));
    metrics.put("index_lag", (double) sum(spaces, SpaceInfo::indexLag));
    metrics.put("embedding_lag", (double) sum(spaces, SpaceInfo::embeddingLag));
    return metrics;
  }

  private void addMeters(Map<String, Double> metrics) {
    services
        .meters()
        .forEachMeter(meter ->
            meter
                .measure()
                .forEach(measurement -> {
                  StringBuilder name = new StringBuilder(meter.getId().getName());
                  meter.getId().getTags().forEach(tag -> name.append('.').append(tag.getValue()));
                  String kind = measurement.getStatistic().getTagValueRepresentation();
                  if (!"value".equals(kind)) {
                    name.append('.').append(kind);
                  }
                  double value = measurement.getValue();
                  if (Double.isFinite(value)) {
                    metrics.put(name.toString(), value);
                  }
                }));
  }

  private HealthStatus health() {
    boolean ready = services.ready().getAsBoolean();
    return HealthStatus.newBuilder()
        .setHealthy(ready)
        .setSummary(ready ? "The server takes work." : "The server takes no work now.")
        .putComponents(
            "memory",
            ComponentHealth.newBuilder()
                .setOperational(ready)
                .setPerformance(ready ? 1f : 0f)
                .setStatusMessage(ready ? "Commits and recalls." : "Does not commit now.")
                .build())
        .build();
  }

  private static MemoryStatistics statistics(List<SpaceInfo> spaces) {
    MemoryStatistics.Builder statistics =
        MemoryStatistics.newBuilder().setTotalMemories(sum(spaces, SpaceInfo::memories));
    times(spaces, SpaceInfo::oldest)
        .min(Comparator.naturalOrder())
        .ifPresent(oldest -> statistics.setOldestMemory(Timestamps.of(oldest)));
    times(spaces, SpaceInfo::newest)
        .max(Comparator.naturalOrder())
        .ifPresent(newest -> statistics.setNewestMemory(Timestamps.of(newest)));
    return statistics.build();
  }

  private static Stream<Instant> times(
      List<SpaceInfo> spaces, Function<SpaceInfo, @org.jspecify.annotations.Nullable Instant> of) {
    return spaces.stream().map(of).filter(Objects::nonNull).map(Objects::requireNonNull);
  }

  private static long sum(List<SpaceInfo> spaces, java.util.function.ToLongFunction<SpaceInfo> of) {
    return spaces.stream().mapToLong(of).sum();
  }

  /// Names are meters' names: they need no escaping but for what a tag's value may hold.
  private static String json(Map<String, Double> metrics) {
    StringBuilder json = new StringBuilder("{");
    metrics.forEach((name, value) -> {
      if (json.length() > 1) {
        json.append(',');
      }
      json.append('"');
      name.chars()
          .forEach(character ->
              json.append(
                  character == '"' || character == '\\' || character < ' '
                      ? '_'
                      : (char) character));
      json.append("\":").append(value);
    });
    return json.append('}').toString();
  }
}
