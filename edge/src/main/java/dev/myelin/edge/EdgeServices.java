package dev.myelin.edge;

import dev.myelin.live.access.AccessRegistry;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.stream.ObservationService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/// What the edge gives the network access to.
///
/// @param access the tenants and keys that were made
/// @param meters what the server counts, for those who ask over gRPC
public record EdgeServices(
    ObservationService observations,
    MemoryEngine memories,
    AccessRegistry access,
    MeterRegistry meters,
    InstantSource clock) {}
