package dev.myelin.library.job;

import java.nio.file.Path;

/// A file that an export has left. It may go at any time; who has it open reads it to its end.
///
/// @param form `ndjson`, `json` or `csv`
public record ExportedFile(Path path, long bytes, String form) {}
