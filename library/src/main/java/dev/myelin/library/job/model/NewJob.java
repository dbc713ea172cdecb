package dev.myelin.library.job.model;

import dev.myelin.model.SpaceId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A job that is asked for.
///
/// @param items what it is given, in order
/// @param options what else was asked for, as it is stored: text, numbers, truth values
/// @param maxRetries how often it may be tried again, null for as often as usual
public record NewJob(
    JobType type,
    SpaceId library,
    List<JobItem> items,
    Map<String, @Nullable Object> options,
    @Nullable Integer maxRetries) {
  /// The form of an export: `ndjson`, `json` or `csv`.
  public static final String FORMAT = "format";

  /// Whether an export has the embeddings.
  public static final String EMBEDDINGS = "include_embeddings";

  /// By which the request is known each time it is sent, a UUID: a job that was accepted for it
  /// before is the answer then.
  public static final String REQUEST = "request";

  public NewJob {
    items = List.copyOf(items);
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /// A job that needs to be told nothing but where.
  public static NewJob of(JobType type, SpaceId library) {
    return new NewJob(type, library, List.of(), Map.of(), null);
  }

  /// A job with things to work on.
  public static NewJob of(JobType type, SpaceId library, List<? extends JobItem> items) {
    return new NewJob(type, library, List.copyOf(items), Map.of(), null);
  }

  public NewJob withRetries(@Nullable Integer max) {
    return new NewJob(type, library, items, options, max);
  }

  /// The job that a request asks for, which makes one however often it is sent.
  ///
  /// @param request a UUID; null for a request that makes another each time
  public NewJob askedBy(@Nullable String request) {
    return request == null ? this : with(REQUEST, request);
  }

  public NewJob with(String option, Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(options);
    more.put(option, value);
    return new NewJob(type, library, items, more, maxRetries);
  }
}
