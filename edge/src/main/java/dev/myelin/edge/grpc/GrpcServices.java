package dev.myelin.edge.grpc;

import dev.myelin.memory.MemoryEngine;
import dev.myelin.stream.ObservationService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/// What the gRPC surface works on.
///
/// @param blocking runs what blocks: recalls and forgetting; virtual threads
/// @param ready whether the server takes work; told by the health service
/// @param meters what Introspect tells of
public record GrpcServices(
    ObservationService observations,
    MemoryEngine memories,
    Executor blocking,
    InstantSource clock,
    BooleanSupplier ready,
    MeterRegistry meters) {}
