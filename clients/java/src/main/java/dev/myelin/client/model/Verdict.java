package dev.myelin.client.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The observation is durable, and visible to every recall from now on.
///
/// @param sequence its number in the session
/// @param memoryId the name of the memory it became
/// @param committedAt when it became durable; null if the verdict was lost with a connection
/// @param replaced whether an older memory of that name gave way; not known, and false, where
///   acknowledgements come as ranges
/// @param recovered whether the verdict itself was lost with a connection: the server said, when
///   the session was resumed, that this number is settled
public record Verdict(
    long sequence,
    String memoryId,
    @Nullable Instant committedAt,
    boolean replaced,
    boolean recovered) {}
