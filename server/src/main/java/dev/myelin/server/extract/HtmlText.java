package dev.myelin.server.extract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/// What a reader of a page of HTML reads: without scripts, styles and navigation.
final class HtmlText implements NodeVisitor {
  private static final String NOT_READ = "script, style, noscript, template, svg, iframe, nav";

  private final StringBuilder text = new StringBuilder();

  private HtmlText() {}

  /// @param bytes in the encoding that they name, UTF-8 if they name none
  static Extracted of(byte[] bytes) throws IOException {
    Document page = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
    page.select(NOT_READ).remove();
    Element main = page.selectFirst("main, [role=main]");
    HtmlText reader = new HtmlText();
    Element read = main != null && main.hasText() ? main : page.body();
    read.traverse(reader);
    Element heading = page.selectFirst("h1");
    String title = page.title().isBlank() && heading != null ? heading.text() : page.title();
    return Extracted.of(title, reader.text.toString());
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode words) {
      append(words);
    } else if (node instanceof Element element) {
      begin(element);
    }
  }

  private void append(TextNode words) {
    boolean kept = isKept(words);
    String some = kept ? words.getWholeText() : words.text();
    boolean spaced = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
    text.append(spaced && !kept ? some.stripLeading() : some);
  }

  /// Whether it is in a part whose spaces and lines are meant.
  private static boolean isKept(TextNode words) {
    for (Node above = words.parent(); above != null; above = above.parent()) {
      if (above.normalName().equals("pre")) {
        return true;
      }
    }
    return false;
  }

  private void begin(Element element) {
    String name = element.normalName();
    switch (name) {
      case "br" -> text.append('\n');
      case "td", "th" -> space();
      case "tr" -> line();
      case "li" -> {
        line();
        text.append("- ");
      }
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        paragraph();
        text.repeat('#', name.charAt(1) - '0').append(' ');
      }
      default -> {
        if (element.isBlock() && !isInItem(element)) {
          paragraph();
        }
      }
    }
  }

  private static boolean isInItem(Element element) {
    Element parent = element.parent();
    return parent != null && parent.normalName().equals("li");
  }

  @Override
  public void tail(Node node, int depth) {
    if (node instanceof Element element) {
      switch (element.normalName()) {
        case "br", "td", "th" -> {
          // Said at its beginning.
        }
        case "li", "tr" -> line();
        default -> {
          if (element.isBlock()) {
            paragraph();
          }
        }
      }
    }
  }

  private void space() {
    if (!text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1))) {
      text.append(' ');
    }
  }

  private void line() {
    trim();
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
  }

  private void paragraph() {
    line();
    int length = text.length();
    if (length > 1 && text.charAt(length - 2) != '\n') {
      text.append('\n');
    }
  }

  /// Takes spaces away before a line ends.
  private void trim() {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    text.setLength(end);
  }
}
