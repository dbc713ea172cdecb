package dev.myelin.edge.grpc;

import dev.myelin.edge.wire.Memories;
import dev.myelin.edge.wire.Timestamps;
import dev.myelin.memory.MemoryFilter;
import dev.myelin.memory.RecallQuery;
import dev.myelin.memory.Recollection;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.Confidence;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.proto.engram.v1.ReminisceRequest;
import dev.myelin.proto.engram.v1.ReminisceResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reminisce: episodes by time, place, people or topic.
final class Reminiscing {
  private static final Duration AROUND = Duration.ofHours(12);
  private static final int DEFAULT_RESULTS = 10;
  private static final int MAX_THEMES = 10;

  private final Recalling recalling;

  Reminiscing(Recalling recalling) {
    this.recalling = recalling;
  }

  CompletableFuture<ReminisceResponse> reminisce(ReminisceRequest request, Caller caller) {
    return recalling
        .find(query(request, caller.reads(request.getMemorySpaceId())))
        .thenApply(found -> answer(found, request.getIncludeEmotional()));
  }

  private static RecallQuery query(ReminisceRequest request, SpaceId space) {
    Instant from =
        request.hasTimeWindowStart()
            ? time(request.getTimeWindowStart(), "time_window_start")
            : null;
    Instant to =
        request.hasTimeWindowEnd() ? time(request.getTimeWindowEnd(), "time_window_end") : null;
    int max = request.getMaxResults();
    return switch (request.getCueCase()) {
      case AROUND_TIME -> {
        Instant around = time(request.getAroundTime(), "around_time");
        yield query(
            space,
            null,
            filter(
                from == null ? around.minus(AROUND) : from,
                to == null ? around.plus(AROUND) : to,
                List.of(),
                null),
            max);
      }
      case AT_LOCATION ->
          query(space, null, filter(from, to, List.of(), text(request.getAtLocation())), max);
      case WITH_PEOPLE ->
          query(
              space,
              null,
              filter(from, to, people(request.getWithPeople().getPeopleList()), null),
              max);
      case ABOUT_TOPIC ->
          query(space, text(request.getAboutTopic()), filter(from, to, List.of(), null), max);
      case CUE_NOT_SET -> {
        if (from == null && to == null) {
          throw invalid("it has neither a cue nor a time window");
        }
        yield query(space, null, filter(from, to, List.of(), null), max);
      }
    };
  }

  private static RecallQuery query(
      SpaceId space, @Nullable String topic, MemoryFilter filter, int max) {
    int results = max == 0 ? DEFAULT_RESULTS : max < 0 ? RecallQuery.MAX_RESULTS : max;
    return new RecallQuery(space, null, topic, filter, results, -1f, Long.MAX_VALUE, false, false);
  }

  private static MemoryFilter filter(
      @Nullable Instant from, @Nullable Instant to, List<String> people, @Nullable String place) {
    return new MemoryFilter(from, to, null, 0f, List.of(), List.of(), people, place);
  }

  private static String text(String value) {
    if (value.isBlank()) {
      throw invalid("its cue is empty");
    }
    return value;
  }

  private static List<String> people(List<String> people) {
    if (people.isEmpty()) {
      throw invalid("it names no people");
    }
    return people;
  }

  private static Instant time(com.google.protobuf.Timestamp time, String field) {
    return Timestamps.read(time, field, ErrorCode.INVALID_CUE);
  }

  private static ServiceException invalid(String what) {
    return new ServiceException(
        ErrorCode.INVALID_CUE,
        "Invalid request: "
            + what
            + " (expected: a time, a place, people, a topic, or a time window). Set one of them.");
  }

  private static ReminisceResponse answer(Recollection found, boolean emotional) {
    List<Recalled> results = found.results();
    double vividness =
        results.stream()
            .mapToDouble(result -> result.memory().confidence().value())
            .average()
            .orElse(0);
    ReminisceResponse.Builder answer =
        ReminisceResponse.newBuilder()
            .setRecallVividness(Memories.write(Confidence.clamp(vividness)))
            .addAllMemoryThemes(themes(results));
    results.forEach(result -> answer.addEpisodes(Memories.writeEpisode(result.memory())));
    if (emotional && !results.isEmpty()) {
      answer.putAllEmotionalSummary(emotions(results));
    }
    return answer.build();
  }

  private static Map<String, Float> emotions(List<Recalled> results) {
    float sum = 0;
    int positive = 0;
    int negative = 0;
    for (Recalled result : results) {
      float valence = result.memory().circumstances().emotionalValence();
      sum += valence;
      positive += valence > 0 ? 1 : 0;
      negative += valence < 0 ? 1 : 0;
    }
    float number = results.size();
    return Map.of(
        "mean_valence", sum / number, "positive", positive / number, "negative", negative / number);
  }

  private static List<String> themes(List<Recalled> results) {
    Map<String, Long> counts =
        results.stream()
            .flatMap(result -> result.memory().circumstances().tags().stream())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_THEMES)
        .map(Map.Entry::getKey)
        .toList();
  }
}
