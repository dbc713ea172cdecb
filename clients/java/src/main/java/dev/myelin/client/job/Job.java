package dev.myelin.client.job;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A job: durable, and goes on after a restart of the server.
///
/// @param type such as `batch_import`
/// @param result what came of it; empty until it is completed
/// @param error why it failed; null if it did not
/// @param retries how often it was tried again after a temporary failure
public record Job(
    String id,
    String type,
    JobStatus status,
    @Nullable String libraryId,
    Times times,
    Progress progress,
    Map<String, Object> result,
    @Nullable String error,
    int retries) {

  /// When it was asked for, begun and over; null for not yet.
  public record Times(
      Instant createdAt, @Nullable Instant startedAt, @Nullable Instant completedAt) {}

  /// How far it is.
  ///
  /// @param total 0 until it is known
  /// @param percentage 0 to 100
  public record Progress(long current, long total, String message, double percentage) {}
}
