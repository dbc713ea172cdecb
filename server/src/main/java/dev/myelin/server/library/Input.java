package dev.myelin.server.library;

import dev.myelin.server.extract.Extracted;
import dev.myelin.server.extract.Extraction;
import dev.myelin.server.extract.FileKind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Something to read: a file, or standard input.
///
/// @param file null for standard input
/// @param found whether it was found in a folder and not named
/// @param bytes how long it is; 0 if nobody knows
record Input(@Nullable Path file, boolean found, long bytes) {
  static final Input STANDARD = new Input(null, false, 0);

  String name() {
    return file == null ? "standard input" : file.toString();
  }

  /// The last part of its name without the ending.
  String shortName() {
    Path last = file == null ? null : file.getFileName();
    if (last == null) {
      return name();
    }
    int dot = last.toString().lastIndexOf('.');
    return dot > 0 ? last.toString().substring(0, dot) : last.toString();
  }

  InputStream open() throws IOException {
    return new BufferedInputStream(file == null ? System.in : Files.newInputStream(file));
  }

  /// What sort of file it is; what is read is read again.
  Optional<FileKind> kind(InputStream in) throws IOException {
    in.mark(FileKind.HEAD_BYTES);
    byte[] head = in.readNBytes(FileKind.HEAD_BYTES);
    in.reset();
    return FileKind.of(file == null ? "" : file.toString(), head);
  }

  Extracted extract(FileKind kind, InputStream in) throws IOException {
    return file == null ? Extraction.of(kind, in) : Extraction.of(kind, file, in);
  }
}
