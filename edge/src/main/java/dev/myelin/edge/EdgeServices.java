package dev.myelin.edge;

import dev.myelin.journal.Backups;
import dev.myelin.journal.Journal;
import dev.myelin.library.LibraryConfig;
import dev.myelin.library.LibraryService;
import dev.myelin.library.job.JobService;
import dev.myelin.library.webhook.WebhookService;
import dev.myelin.live.access.AccessRegistry;
import dev.myelin.live.broker.Broker;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.live.channel.Channels;
import dev.myelin.live.token.Tokens;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.stream.ObservationService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/// What the edge gives the network access to.
///
/// @param libraryBounds what documents are read by
/// @param broker tells of what happens on all channels
/// @param channels whose log is kept for them
/// @param source of the events of all channels, libraries too
/// @param journal keeps the answers to requests that may come again
/// @param access the tenants and keys that were made
/// @param tokens who holds tokens that others signed
/// @param live what live connections stand on
/// @param version the server's
/// @param meters what the server counts, for those who ask over gRPC
public record EdgeServices(
    ObservationService observations,
    MemoryEngine memories,
    LibraryService libraries,
    LibraryConfig libraryBounds,
    JobService jobs,
    WebhookService webhooks,
    Broker broker,
    Channels channels,
    ChannelSource source,
    Journal journal,
    Backups backups,
    AccessRegistry access,
    Tokens tokens,
    LiveServices live,
    String version,
    MeterRegistry meters,
    InstantSource clock) {}
