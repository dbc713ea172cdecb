package dev.myelin.stream;

import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.journal.rocks.RocksJournal;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.model.Principal;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The service over a real journal and a real memory engine, in a folder.
final class TestServer implements AutoCloseable {
  final HandLoop loop = new HandLoop();
  final ManualClock clock = new ManualClock();
  SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final ExecutorService recalls = Executors.newVirtualThreadPerTaskExecutor();
  private final StreamConfig config;
  private final JournalConfig journalConfig;
  FailingJournal journal;
  MemoryEngine memories;
  ObservationService service;

  TestServer(Path folder) {
    this(folder, StreamConfig.DEFAULT, JournalConfig.DEFAULT);
  }

  TestServer(Path folder, StreamConfig config) {
    this(folder, config, JournalConfig.DEFAULT);
  }

  TestServer(Path folder, StreamConfig config, JournalConfig journalConfig) {
    this.config = config;
    this.journalConfig = journalConfig;
    this.journal = openJournal(folder);
    this.memories = openMemories(folder);
    this.service = openService();
  }

  /// Closes everything and opens it anew on a folder.
  void restart(Path folder) {
    closeEngines();
    loop.turn();
    meters = new SimpleMeterRegistry();
    journal = openJournal(folder);
    memories = openMemories(folder);
    service = openService();
  }

  Client client() {
    return new Client(service, loop);
  }

  Client client(Principal principal) {
    return new Client(service, loop, principal);
  }

  private FailingJournal openJournal(Path folder) {
    return new FailingJournal(
        RocksJournal.open(
            folder.resolve("journal"), journalConfig, clock, new SimpleMeterRegistry()));
  }

  private MemoryEngine openMemories(Path folder) {
    return MemoryEngine.open(
        MemoryConfig.DEFAULT,
        journal,
        folder.resolve("index"),
        TwoNumbers.open(),
        clock,
        new SimpleMeterRegistry());
  }

  private ObservationService openService() {
    return ObservationService.open(config, journal, memories, clock, meters, recalls);
  }

  private void closeEngines() {
    service.close();
    memories.close();
    journal.close();
  }

  @Override
  public void close() {
    closeEngines();
    recalls.close();
  }
}
