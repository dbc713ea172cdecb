package dev.myelin.journal.rocks;

import dev.myelin.journal.AppendContract;
import dev.myelin.journal.BackupContract;
import dev.myelin.journal.ClosingContract;
import dev.myelin.journal.EraseContract;
import dev.myelin.journal.Journal;
import dev.myelin.journal.LaneContract;
import dev.myelin.journal.ListenerContract;
import dev.myelin.journal.TableContract;
import dev.myelin.journal.TransactionContract;
import dev.myelin.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/// What every engine does, done by the one on RocksDB.
final class RocksJournalContractTest {
  private static Journal journal(Path folder, ManualClock clock) {
    return RocksJournal.open(folder, JournalConfig.DEFAULT, clock, new SimpleMeterRegistry());
  }

  @Nested
  final class Appending extends AppendContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }

  @Nested
  final class Transacting extends TransactionContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }

  @Nested
  final class Tables extends TableContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }

  @Nested
  final class Erasing extends EraseContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }

  @Nested
  final class Listening extends ListenerContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }

  @Nested
  final class Lanes extends LaneContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }

  @Nested
  final class Closing extends ClosingContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }

  @Nested
  final class BackingUp extends BackupContract {
    @Override
    protected Journal open(Path folder) {
      return journal(folder, clock);
    }
  }
}
