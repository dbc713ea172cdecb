/// The embedded engine of the journal: [dev.myelin.journal.rocks.RocksJournal], on RocksDB.
///
/// Submitted transactions wait in `Lanes`. `Committer` takes all that wait, runs each against an
/// overlay (`BatchOverlay`) and hands the changes to `Store`, which owns the database;
/// `RecordCodec` has the stored form. `DataFolder` guards the folder before the database sees it.
@NullMarked
package dev.myelin.journal.rocks;

import org.jspecify.annotations.NullMarked;
