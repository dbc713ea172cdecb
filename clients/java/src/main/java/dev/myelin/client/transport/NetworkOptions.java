package dev.myelin.client.transport;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How to reach a server.
///
/// @param certificates PEM file of the authorities to trust; null takes those of the JVM
/// @param trustAll whether any certificate will do, for tests
public record NetworkOptions(
    @Nullable String apiKey,
    @Nullable Path certificates,
    boolean trustAll,
    Duration connectTimeout,
    Duration requestTimeout,
    int eventLoops) {}
