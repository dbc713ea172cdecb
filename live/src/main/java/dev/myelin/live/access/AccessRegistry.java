package dev.myelin.live.access;

import dev.myelin.journal.Journal;
import java.time.Duration;
import java.time.InstantSource;

/// The tenants and keys of one server, kept in its journal.
///
/// They are read when it opens and held in memory from then on, so asking who a key belongs to
/// costs one hash and no disk. Changes are durable before they are seen; they block on the journal
/// and are made one after the other. Any thread.
public final class AccessRegistry implements AutoCloseable {
  /// How often use has to be written at most.
  public static final Duration USAGE_PACE = Duration.ofMinutes(1);

  private final AccessBook book;
  private final Tenants tenants;
  private final ApiKeys keys;

  private AccessRegistry(AccessBook book) {
    this.book = book;
    this.tenants = new Tenants(book);
    this.keys = new ApiKeys(book);
  }

  /// Reads what a journal knows.
  ///
  /// @param clock decides when keys expire
  /// @throws dev.myelin.model.ServiceException STORAGE_UNUSABLE if a row cannot be read
  public static AccessRegistry open(Journal journal, InstantSource clock) {
    AccessBook book = new AccessBook(journal, clock);
    book.load();
    return new AccessRegistry(book);
  }

  public Tenants tenants() {
    return tenants;
  }

  public ApiKeys keys() {
    return keys;
  }

  /// Writes the use that was counted since the last time. Blocks; to be called every [#USAGE_PACE].
  public void writeUsage() {
    book.writeUsage();
  }

  /// Writes what use is still to be written. The journal must be open.
  @Override
  public void close() {
    book.writeUsage();
  }
}
