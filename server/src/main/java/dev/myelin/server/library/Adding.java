package dev.myelin.server.library;

import dev.myelin.client.library.Documents;
import dev.myelin.client.library.model.DocumentChange;
import dev.myelin.client.library.model.ItemResult;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.model.ProblemException;
import dev.myelin.server.shell.ProgressBar;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Adds files to a library, counts what became of them, and says what was left out and why. One
/// thread.
final class Adding implements Intake.Listener {
  private static final int COMPLAINTS = 20;
  private static final int CONFLICT = 409;
  private static final int MALFORMED = 400;
  private static final int TOO_LARGE = 413;
  private static final int INVALID = 422;

  private final Documents documents;
  private final ProgressBar bar;
  private final long bytes;
  private final long began = System.nanoTime();
  private long added;
  private long updated;
  private long failed;
  private long passedOver;
  private long bytesRead;

  /// @param bytes how long all files are; 0 if nobody knows
  Adding(Documents documents, ProgressBar bar, long bytes) {
    this.documents = documents;
    this.bar = bar;
    this.bytes = bytes;
  }

  /// Adds all files: in batches, or where they have ids of their own one by one, so that one which
  /// is there already is updated.
  void add(List<Input> inputs, Intake.Options options) {
    Intake intake = new Intake(inputs.iterator(), options, this);
    if (options.stableIds()) {
      while (intake.hasNext()) {
        addOrUpdate(intake.next(), intake.given());
      }
    } else {
      var _ = documents.addEach(intake, result -> settled(intake::given, result));
    }
  }

  private void addOrUpdate(NewDocument document, String name) {
    try {
      try {
        var _ = documents.add(document);
        added++;
      } catch (ProblemException e) {
        if (e.status() != CONFLICT || document.id() == null) {
          throw e;
        }
        DocumentChange change = new DocumentChange(document.fields(), document.content());
        var _ = documents.update(document.id(), change);
        updated++;
      }
    } catch (ProblemException e) {
      if (e.status() != INVALID && e.status() != TOO_LARGE && e.status() != MALFORMED) {
        throw e; // the next one would not do better
      }
      bad(name, e.text());
    }
    draw();
  }

  private void settled(Supplier<String> name, ItemResult result) {
    if (result.isDone()) {
      var _ = name.get();
      added++;
    } else {
      bad(name.get(), String.valueOf(result.error()));
    }
    draw();
  }

  @Override
  public void lines(Input input, InputStream in) throws IOException {
    var _ =
        documents.addLines(
            in, result -> settled(() -> input.name() + ":" + result.number(), result));
  }

  @Override
  public void bad(String name, String reason) {
    failed++;
    if (failed <= COMPLAINTS) {
      bar.say("myelin: " + name + ": " + reason);
    } else if (failed == COMPLAINTS + 1) {
      bar.say("myelin: more such files follow and are only counted");
    }
  }

  @Override
  public void passedOver() {
    passedOver++;
  }

  @Override
  public void read(long count) {
    bytesRead += count;
    draw();
  }

  private void draw() {
    long now = System.nanoTime();
    bar.update(now, bytes <= 0 ? -1 : (double) bytesRead / bytes, added + updated, rate(now));
  }

  private double rate(long now) {
    return (added + updated) / Math.max(1e-9, (now - began) / 1e9);
  }

  /// Whether everything that was named is in the library.
  boolean isClean() {
    return failed == 0;
  }

  /// What to say at the end.
  String summary(String library) {
    bar.clear();
    long now = System.nanoTime();
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%,d added to library %s", added, library));
    if (updated > 0) {
      text.append(String.format(Locale.ROOT, ", %,d updated", updated));
    }
    if (failed > 0) {
      text.append(String.format(Locale.ROOT, ", %,d left out", failed));
    }
    if (passedOver > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              ", %,d %s without text passed over",
              passedOver,
              passedOver == 1 ? "file" : "files"));
    }
    return text.append(
            String.format(Locale.ROOT, " (%,.0f/s, %.1f s)", rate(now), (now - began) / 1e9))
        .toString();
  }
}
