/// Reads RocksDB's own logs before RocksDB does: [dev.myelin.journal.rocks.log.LogVerifier].
@NullMarked
package dev.myelin.journal.rocks.log;

import org.jspecify.annotations.NullMarked;
