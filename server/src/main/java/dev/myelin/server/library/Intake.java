package dev.myelin.server.library;

import dev.myelin.client.library.model.DocumentFields;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.server.extract.Extracted;
import dev.myelin.server.extract.FileKind;
import dev.myelin.server.extract.UnreadableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Makes documents of files, one after the other, when they are wanted. A file that cannot be read
/// is told, and the next one is taken. One thread.
final class Intake implements Iterator<NewDocument> {
  /// What is said of all documents.
  ///
  /// @param kind what sort of files they are; null to see for each
  /// @param title null for the document's own, or else the file's name
  /// @param stableIds whether ids are made of paths
  record Options(
      @Nullable FileKind kind,
      @Nullable String title,
      List<String> tags,
      boolean stableIds,
      boolean deferEmbedding) {}

  /// Hears what becomes of the files.
  interface Listener {
    /// A file cannot be read.
    void bad(String name, String reason);

    /// A file that was found in a folder holds no text.
    void passedOver();

    /// A file was read.
    void read(long bytes);

    /// A file holds documents, a line each.
    void lines(Input input, InputStream in) throws IOException;
  }

  private final Iterator<Input> inputs;
  private final Options options;
  private final Listener listener;
  private final Queue<String> given = new ArrayDeque<>();
  private @Nullable NewDocument next;

  Intake(Iterator<Input> inputs, Options options, Listener listener) {
    this.inputs = inputs;
    this.options = options;
    this.listener = listener;
  }

  @Override
  public boolean hasNext() {
    while (next == null && inputs.hasNext()) {
      Input input = inputs.next();
      try (InputStream in = input.open()) {
        next = document(input, in);
      } catch (UnreadableException e) {
        listener.bad(input.name(), e.text());
      } catch (IOException e) {
        listener.bad(input.name(), Inputs.reason(e));
      }
      listener.read(input.bytes());
      if (next != null) {
        given.add(input.name());
      }
    }
    return next != null;
  }

  @Override
  public NewDocument next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    NewDocument document = next;
    next = null;
    return document;
  }

  /// The name of the oldest document that was given and not asked for here.
  String given() {
    return given.remove();
  }

  private @Nullable NewDocument document(Input input, InputStream in) throws IOException {
    Optional<FileKind> seen = options.kind() == null ? input.kind(in) : Optional.of(options.kind());
    if (seen.isEmpty()) {
      if (!input.found()) {
        throw new UnreadableException(
            "it is no text (expected: text, Markdown, HTML, JSON Lines or PDF)");
      }
      listener.passedOver();
      return null;
    }
    if (seen.get() == FileKind.JSONL) {
      listener.lines(input, in);
      return null;
    }
    return document(input, seen.get(), input.extract(seen.get(), in));
  }

  private NewDocument document(Input input, FileKind kind, Extracted extracted) {
    String own = extracted.title() == null ? input.shortName() : extracted.title();
    String title = options.title() == null ? own : options.title();
    DocumentFields fields =
        DocumentFields.NONE.withTitle(title).withType(kind.label()).withTags(options.tags());
    NewDocument document = NewDocument.of(title, extracted.text());
    if (options.deferEmbedding()) {
      document = document.deferringEmbedding();
    }
    if (input.file() == null) {
      return document.withFields(fields);
    }
    document = document.withFields(fields.withMetadata(Map.of("path", input.file().toString())));
    return options.stableIds() ? document.withId(PathIds.of(input.file())) : document;
  }
}
