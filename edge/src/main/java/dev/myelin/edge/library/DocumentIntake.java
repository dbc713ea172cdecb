package dev.myelin.edge.library;

import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.event.Cause;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adds documents that come as lines, a few at a time: what has arrived is added together, and
/// nothing is read while that lasts. A bad line fails alone. One thread.
final class DocumentIntake {
  private static final int TOGETHER = 32;
  private static final int MAX_LINE = 16 * 1024 * 1024;

  private final LibraryService libraries;
  private final DocumentReader reader;
  private final SpaceId library;
  private final Lines lines;
  private long line;
  private long successful;
  private long failed;
  private long passages;

  DocumentIntake(
      LibraryService libraries, DocumentReader reader, SpaceId library, InputStream body) {
    this.libraries = libraries;
    this.reader = reader;
    this.library = library;
    this.lines = new Lines(body, MAX_LINE);
  }

  /// What became of a line: one of the two is there.
  ///
  /// @param line its number, from 1
  record Taken(long line, @Nullable DocumentInfo document, @Nullable String error) {}

  /// A line that was read: one of the two is there.
  private record Read(long line, @Nullable NewDocument document, @Nullable String error) {}

  /// What became of the next few lines, in order; null after the last.
  @Nullable List<Taken> next() {
    List<Read> some = new ArrayList<>();
    do {
      byte[] text = lines.next();
      if (text == null) {
        break;
      }
      line++;
      if (lines.wasTooLong() || !isBlank(text)) {
        some.add(read(text));
      }
    } while (some.isEmpty() || (some.size() < TOGETHER && lines.hasMore()));
    return some.isEmpty() ? null : add(some);
  }

  private static boolean isBlank(byte[] text) {
    for (byte character : text) {
      if (character != ' ' && character != '\t' && character != '\r') {
        return false;
      }
    }
    return true;
  }

  private Read read(byte[] text) {
    if (lines.wasTooLong()) {
      return new Read(line, null, "The line has more than " + MAX_LINE + " bytes.");
    }
    try {
      return new Read(line, reader.document(JsonReader.object(text)), null);
    } catch (JsonFailure e) {
      return new Read(line, null, e.text());
    }
  }

  private List<Taken> add(List<Read> some) {
    List<NewDocument> good = new ArrayList<>();
    for (Read read : some) {
      if (read.document() != null) {
        good.add(read.document());
      }
    }
    var results = added(good).iterator();
    List<Taken> taken = new ArrayList<>();
    for (Read read : some) {
      taken.add(
          read.document() == null
              ? new Taken(read.line(), null, read.error())
              : taken(read.line(), results.next()));
    }
    for (Taken one : taken) {
      if (one.document() == null) {
        failed++;
      } else {
        successful++;
        passages += one.document().passageCount();
      }
    }
    return taken;
  }

  /// One by one, so that each is an event of its own and no batch.
  private List<DocumentResult> added(List<NewDocument> documents) {
    if (documents.size() > 1) {
      return libraries.addAll(library, documents, Cause.NONE);
    }
    List<DocumentResult> results = new ArrayList<>();
    for (NewDocument document : documents) {
      try {
        results.add(DocumentResult.of(libraries.add(library, document, Cause.NONE)));
      } catch (ServiceException e) {
        results.add(DocumentResult.failed(e));
      }
    }
    return results;
  }

  private static Taken taken(long line, DocumentResult result) {
    ServiceException failure = result.failure();
    return new Taken(line, result.document(), failure == null ? null : failure.text());
  }

  long successful() {
    return successful;
  }

  long failed() {
    return failed;
  }

  long passages() {
    return passages;
  }
}
