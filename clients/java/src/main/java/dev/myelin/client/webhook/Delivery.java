package dev.myelin.client.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An attempt to tell of an event, or, with the number 0, a note of events that could not be told.
///
/// @param status `success`, `failed` or `retrying`
/// @param statusCode what the other side answered; null if it did not
/// @param nextRetryAt null if it is not tried again
public record Delivery(
    String id,
    String eventId,
    String eventType,
    long offset,
    String status,
    int attempt,
    Instant attemptedAt,
    @Nullable Integer statusCode,
    @Nullable String error,
    @Nullable Instant nextRetryAt) {}
