package dev.myelin.server.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractionTest {
  @TempDir private Path folder;

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Extracted extract(FileKind kind, String text) throws IOException {
    return Extraction.of(kind, in(text));
  }

  /// A PDF with a page for each text, a line for each of its lines.
  static byte[] pdf(String title, String... pages) throws IOException {
    try (PDDocument pdf = pages(title, pages)) {
      return saved(pdf);
    }
  }

  private static PDDocument pages(String title, String... pages) throws IOException {
    PDDocument pdf = new PDDocument();
    pdf.getDocumentInformation().setTitle(title);
    for (String text : pages) {
      PDPage page = new PDPage();
      pdf.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
        content.setLeading(15);
        content.newLineAtOffset(50, 700);
        for (String line : text.split("\n", -1)) {
          content.showText(line);
          content.newLine();
        }
        content.endText();
      }
    }
    return pdf;
  }

  private static byte[] saved(PDDocument pdf) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pdf.save(bytes);
    return bytes.toByteArray();
  }

  @Test
  void aTextIsTakenAsItIs() throws IOException {
    assertThat(extract(FileKind.TEXT, "\uFEFF  Ärger\nim Büro \n"))
        .isEqualTo(new Extracted(null, "Ärger\nim Büro"));
    assertThat(
            Extraction.of(
                    FileKind.TEXT,
                    new ByteArrayInputStream("\uFEFFÄrger".getBytes(StandardCharsets.UTF_16LE)))
                .text())
        .isEqualTo("Ärger");
  }

  @Test
  void whatIsNoTextIsSaidSo() {
    assertThatThrownBy(() -> extract(FileKind.TEXT, " \n")).hasMessageContaining("no text in it");
    assertThatThrownBy(() -> extract(FileKind.TEXT, "a\0b")).hasMessage("it is no text");
    byte[] latin1 = "Ärger".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Extraction.of(FileKind.TEXT, new ByteArrayInputStream(latin1)))
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> extract(FileKind.TEXT, "x".repeat(Extracted.MAX_CHARACTERS + 1)))
        .hasMessageContaining("more than 4000000 characters");
    assertThatThrownBy(() -> extract(FileKind.PDF, "no PDF")).isInstanceOf(IOException.class);
  }

  @Test
  void markdownHasItsTitleFromItsFirstHeading() throws IOException {
    String text = "intro\n```\n# no heading\n```\n## Second\n# The *one* #\n# Other";

    assertThat(extract(FileKind.MARKDOWN, text)).isEqualTo(new Extracted("The *one*", text));
    assertThat(extract(FileKind.MARKDOWN, "#hash\ntext").title()).isNull();
  }

  @Test
  void markdownHasItsTitleFromItsSettingsWhichAreNotPartOfIt() throws IOException {
    assertThat(extract(FileKind.MARKDOWN, "---\ndraft: true\ntitle: \"A: title\"\n---\n# H\ntext"))
        .isEqualTo(new Extracted("A: title", "# H\ntext"));
    assertThat(extract(FileKind.MARKDOWN, "---\n---\n# H\ntext"))
        .isEqualTo(new Extracted("H", "# H\ntext"));
    assertThat(extract(FileKind.MARKDOWN, "---\nbetween rules\n---\nmore").text())
        .contains("between rules");
    assertThat(extract(FileKind.MARKDOWN, "text\n---\ntitle: no\n---\nmore").title()).isNull();
  }

  @Test
  void aPageOfHtmlIsReadAsItsReadersDo() throws IOException {
    String page =
        """
        <!doctype html><html><head><title> Cats &amp; dogs </title><style>p {}</style></head><body>
        <nav>Home</nav><main><h1>Cats</h1><p>Cats <b>purr</b>
           softly.<br>Really.</p><script>var x;</script>
        <ul><li>one</li><li><p>two</p></li></ul>
        <table><tr><th>a</th><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>
        <pre>x
          y</pre></main><footer>Imprint</footer></body></html>
        """;

    Extracted extracted = extract(FileKind.HTML, page);

    assertThat(extracted.title()).isEqualTo("Cats & dogs");
    assertThat(extracted.text())
        .isEqualTo(
            """
            # Cats

            Cats purr softly.
            Really.

            - one
            - two

            a b
            c d

            x
              y\
            """);
  }

  @Test
  void aPageOfHtmlKnowsItsEncodingAndMayLackATitle() throws IOException {
    byte[] latin1 =
        "<html><meta charset=iso-8859-1><body><h1>Ärger</h1>im Büro"
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThat(Extraction.of(FileKind.HTML, new ByteArrayInputStream(latin1)))
        .isEqualTo(new Extracted("Ärger", "# Ärger\n\nim Büro"));
  }

  @Test
  void aPdfIsReadPageByPage() throws IOException {
    byte[] pdf = pdf("All about cats", "Cats purr, and they hy-\nphenate.", "Second page.");

    Extracted extracted = Extraction.of(FileKind.PDF, new ByteArrayInputStream(pdf));

    assertThat(extracted.title()).isEqualTo("All about cats");
    assertThat(extracted.text())
        .startsWith("Cats purr, and they hyphenate.")
        .endsWith("Second page.");
    Path file = Files.write(folder.resolve("cats.pdf"), pdf);
    assertThat(Extraction.of(FileKind.PDF, file, in(""))).isEqualTo(extracted);
  }

  @Test
  void aPdfThatIsLockedOrScannedIsSaidSo() throws IOException {
    byte[] scanned = pdf("Scan", "");
    byte[] locked;
    try (PDDocument pdf = pages("Secret", "secret")) {
      pdf.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
      locked = saved(pdf);
    }

    assertThatThrownBy(() -> Extraction.of(FileKind.PDF, new ByteArrayInputStream(scanned)))
        .hasMessageContaining("scanned");
    assertThatThrownBy(() -> Extraction.of(FileKind.PDF, new ByteArrayInputStream(locked)))
        .hasMessage("it is locked with a password");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a.PDF        | x                    | PDF
          a/b.md       | x                    | MARKDOWN
          page.htm     | x                    | HTML
          rows.ndjson  | x                    | JSONL
          notes        | %PDF-1.7             | PDF
          notes        | <!DOCTYPE html><p>   | HTML
          notes        | {"title":"a"}        | JSONL
          notes.json   | {"title":            | JSONL
          notes        | {not json}           | TEXT
          Some.java    | class Some {}        | TEXT
          """)
  void theSortOfAFileIsSeen(String name, String head, FileKind kind) {
    assertThat(FileKind.of(name, head.getBytes(StandardCharsets.UTF_8))).contains(kind);
  }

  @Test
  void whatIsNoneOfTheSortsIsNone() {
    assertThat(FileKind.of("photo.jpg", new byte[] {(byte) 0xFF, (byte) 0xD8, 0, 16})).isEmpty();
    assertThat(FileKind.of("object.json", "{\n \"a\": 1\n}".getBytes(StandardCharsets.UTF_8)))
        .contains(FileKind.TEXT);
  }
}
