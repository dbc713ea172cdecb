package dev.myelin.journal.rocks.form;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file that says what a folder is: two lines of text, `myelin-journal VERSION` and
/// `incarnation NUMBER`, 16 hexadecimal digits, or the word `new` in a copy that was not opened
/// yet.
///
/// @param incarnation part of every epoch; empty if it is still to be chosen
public record FormatFile(int version, OptionalLong incarnation) {
  /// What this program reads and writes.
  public static final int VERSION = 1;

  public static final String NAME = "FORMAT";

  private static final Pattern TEXT = Pattern.compile("myelin-journal ([1-9][0-9]{0,8})\n(?s:.*)");
  private static final Pattern INCARNATION =
      Pattern.compile("myelin-journal 1\nincarnation (new|[0-9a-f]{16})\n");
  private static final String CHOSEN_LATER = "new";

  public static FormatFile of(long incarnation) {
    return new FormatFile(VERSION, OptionalLong.of(incarnation));
  }

  /// The file of a copy.
  public static FormatFile ofCopy() {
    return new FormatFile(VERSION, OptionalLong.empty());
  }

  /// Reads the text of the file; empty if it is none.
  public static Optional<FormatFile> parse(String text) {
    Matcher any = TEXT.matcher(text);
    if (!any.matches()) {
      return Optional.empty();
    }
    int version = Integer.parseInt(any.group(1));
    if (version != VERSION) {
      return Optional.of(new FormatFile(version, OptionalLong.empty()));
    }
    Matcher known = INCARNATION.matcher(text);
    if (!known.matches()) {
      return Optional.empty();
    }
    String incarnation = known.group(1);
    return Optional.of(
        incarnation.equals(CHOSEN_LATER) ? ofCopy() : of(Long.parseUnsignedLong(incarnation, 16)));
  }

  public String text() {
    String number =
        incarnation.isPresent() ? "%016x".formatted(incarnation.getAsLong()) : CHOSEN_LATER;
    return "myelin-journal " + version + "\nincarnation " + number + "\n";
  }

  /// Writes the file so that after a crash the old one or the new one is there, whole.
  public void write(Path folder) throws IOException {
    Path draft = folder.resolve(NAME + ".draft");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap(text().getBytes(StandardCharsets.US_ASCII));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    Files.move(draft, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  /// Makes the names in a folder durable.
  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
