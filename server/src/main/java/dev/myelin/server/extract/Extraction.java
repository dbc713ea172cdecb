package dev.myelin.server.extract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Gets texts out of files. Parsers are loaded with the first file that needs them.
public final class Extraction {
  /// Longest file of text that is read: so many bytes can the longest text have.
  private static final int MAX_TEXT_BYTES = 4 * Extracted.MAX_CHARACTERS;

  private static final int MAX_PDF_BYTES = 256 * 1024 * 1024;

  private Extraction() {}

  /// The text of a file.
  ///
  /// @param kind what sort of file it is; not [FileKind#JSONL], which holds documents already
  /// @throws UnreadableException if there is none, and why
  public static Extracted of(FileKind kind, Path file, InputStream in) throws IOException {
    return kind == FileKind.PDF ? PdfText.of(file) : of(kind, in);
  }

  /// The text of something that comes in.
  ///
  /// @throws UnreadableException if there is none, and why
  public static Extracted of(FileKind kind, InputStream in) throws IOException {
    return switch (kind) {
      case TEXT -> Extracted.of(null, PlainText.decode(all(in, MAX_TEXT_BYTES)));
      case MARKDOWN -> MarkdownText.of(PlainText.decode(all(in, MAX_TEXT_BYTES)));
      case HTML -> HtmlText.of(all(in, MAX_TEXT_BYTES));
      case PDF -> PdfText.of(all(in, MAX_PDF_BYTES));
      case JSONL ->
          throw new IllegalArgumentException(
              "kind: " + kind + " (expected: one that holds a text)");
    };
  }

  private static byte[] all(InputStream in, int most) throws IOException {
    byte[] bytes = in.readNBytes(most);
    if (bytes.length == most && in.read() >= 0) {
      throw new UnreadableException("it has more than " + most + " bytes");
    }
    return bytes;
  }
}
