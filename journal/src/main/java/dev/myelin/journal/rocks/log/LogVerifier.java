package dev.myelin.journal.rocks.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds damage in the logs of a RocksDB folder that RocksDB would take for the end of a log, and
/// would then drop what follows without a word.
///
/// A crash leaves at most one incomplete record at the end of the newest log, and that one was
/// never acknowledged: it is tolerated. Everything else is damage: a checksum that does not match,
/// a record that is cut off although others follow, a length that was changed, a missing log.
/// Nothing is changed here, and the logs are read once, at the speed of the disk.
public final class LogVerifier {
  private static final String WRITE_LOG = ".log";
  private static final String CURRENT = "CURRENT";

  private LogVerifier() {}

  /// Checks the manifest and the write-ahead logs of a closed database.
  ///
  /// @return what is damaged, for people; empty if nothing is
  public static Optional<String> damage(Path folder) throws IOException {
    Optional<String> manifest = manifestDamage(folder);
    return manifest.isPresent() ? manifest : writeLogDamage(folder);
  }

  private static Optional<String> manifestDamage(Path folder) throws IOException {
    String current;
    try {
      current = Files.readString(folder.resolve(CURRENT), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.of("its file CURRENT is missing");
    }
    if (!current.matches("MANIFEST-[0-9]{6,20}\n")) {
      return Optional.of("its file CURRENT does not name a manifest");
    }
    Path manifest = folder.resolve(current.strip());
    if (!Files.exists(manifest)) {
      return Optional.of("its file " + manifest.getFileName() + " is missing");
    }
    return LogFile.read(manifest).damage();
  }

  private static Optional<String> writeLogDamage(Path folder) throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(folder)) {
      logs = new ArrayList<>(files.filter(file -> file.toString().endsWith(WRITE_LOG)).toList());
    }
    if (logs.isEmpty()) {
      return Optional.of("its newest log is missing");
    }
    logs.sort(Comparator.comparing(Path::getFileName));
    Optional<Path> torn = Optional.empty();
    for (Path path : logs) {
      LogFile log = LogFile.read(path);
      if (log.damage().isPresent()) {
        return log.damage();
      }
      if (torn.isPresent() && log.records() > 0) {
        return Optional.of("the end of its log " + torn.get().getFileName() + " is missing");
      }
      if (log.isTorn()) {
        torn = Optional.of(path);
      }
    }
    return Optional.empty();
  }
}
