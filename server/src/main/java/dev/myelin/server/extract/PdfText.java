package dev.myelin.server.extract;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/// The text of a PDF, paragraph by paragraph in the order in which it is written.
final class PdfText {
  private PdfText() {}

  private interface Opening {
    PDDocument open() throws IOException;
  }

  static Extracted of(Path file) throws IOException {
    return of(() -> Loader.loadPDF(file.toFile()));
  }

  static Extracted of(byte[] bytes) throws IOException {
    return of(() -> Loader.loadPDF(bytes));
  }

  private static Extracted of(Opening opening) throws IOException {
    try (PDDocument pdf = opening.open()) {
      return of(pdf);
    } catch (InvalidPasswordException _) {
      throw new UnreadableException("it is locked with a password");
    } catch (RuntimeException e) { // what the parser does of a damaged file
      throw new IOException("damaged PDF: " + e, e);
    }
  }

  private static Extracted of(PDDocument pdf) throws IOException {
    PDFTextStripper stripper = new PDFTextStripper();
    stripper.setLineSeparator("\n");
    stripper.setParagraphEnd("\n");
    stripper.setPageEnd("\n\n");
    Bounded text = new Bounded();
    stripper.writeText(pdf, text);
    if (text.toString().isBlank()) {
      throw new UnreadableException("there is no text in it (pages that were scanned have none)");
    }
    String joined = text.toString().replaceAll("(\\p{L})-\\n(\\p{Ll})", "$1$2"); // parted words
    return Extracted.of(pdf.getDocumentInformation().getTitle(), joined);
  }

  /// Takes a text, but no more than a document may have.
  private static final class Bounded extends Writer {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] characters, int from, int count) throws IOException {
      if (text.length() + count > Extracted.MAX_CHARACTERS) {
        throw Extracted.tooLong();
      }
      text.append(characters, from, count);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
