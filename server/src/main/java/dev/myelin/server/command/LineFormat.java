package dev.myelin.server.command;

/// How lines of input are written.
enum LineFormat {
  /// A line that begins with `{` is JSON, any other is text.
  AUTO,
  /// Every line is a text.
  TEXT,
  /// Every line is a JSON object.
  JSONL
}
