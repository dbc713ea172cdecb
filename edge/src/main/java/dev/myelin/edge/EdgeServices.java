package dev.myelin.edge;

import dev.myelin.journal.Backups;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.stream.ObservationService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/// What the edge gives the network access to.
///
/// @param meters what the server counts, for those who ask over gRPC
public record EdgeServices(
    ObservationService observations,
    MemoryEngine memories,
    Backups backups,
    MeterRegistry meters,
    InstantSource clock) {}
