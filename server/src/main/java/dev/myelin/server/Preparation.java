package dev.myelin.server;

import dev.myelin.edge.grpc.GrpcSurface;
import dev.myelin.journal.rocks.RocksJournal;
import org.slf4j.LoggerFactory;

/// What every start of the server needs and no setting changes: loaded beside the command line,
/// which is busy for as long reading what it was told.
final class Preparation {
  private Preparation() {}

  /// Begins, and returns at once. Whoever needs a part of it before it is ready waits for that one.
  ///
  /// Logging is set up first: who logs while another thread does that is told so on the console.
  static void begin() {
    LoggerFactory.getILoggerFactory();
    Thread.ofPlatform().name("preparation").daemon().start(Preparation::load);
  }

  private static void load() {
    RocksJournal.loadLibrary();
    GrpcSurface.load();
  }
}
