package dev.myelin.library.job.work;

import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.library.job.model.Progress;
import dev.myelin.library.job.store.JobRow;
import dev.myelin.library.model.Page;
import dev.myelin.library.store.Fields;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the documents of a library into a file, in order of id. Each document that is there from
/// the beginning to the end of the job is in it once.
public final class ExportWork implements Work {
  private static final int PAGE = 64;
  private static final int CHECKPOINT_BYTES = 1_024;
  private static final String DOING = "writing documents";

  private final LibraryService libraries;
  private final ExportFiles files;
  private final long maxBytes;

  /// @param maxBytes longest file
  public ExportWork(LibraryService libraries, ExportFiles files, long maxBytes) {
    this.libraries = libraries;
    this.files = files;
    this.maxBytes = maxBytes;
  }

  /// The name of the form that a job's file has.
  public static String formOf(JobRow row) {
    return String.valueOf(row.options().getOrDefault(NewJob.FORMAT, ExportForm.NDJSON));
  }

  /// How far it is.
  ///
  /// @param cursor the last document, null before the first
  private record At(@Nullable String cursor, long documents, long bytes) {
    static final At BEGINNING = new At(null, 0, 0);

    static At of(Map<String, @Nullable Object> state) {
      Fields fields = new Fields(state);
      return new At(
          fields.textOrNull("cursor"), fields.number("documents"), fields.number("bytes"));
    }

    Checkpoint checkpoint(long total) {
      Map<String, @Nullable Object> state = new LinkedHashMap<>();
      state.put("cursor", cursor);
      state.put("documents", documents);
      state.put("bytes", bytes);
      return new Checkpoint(new Progress(documents, Math.max(documents, total), DOING), state);
    }
  }

  @Override
  public Finish run(JobRun run) {
    String id = run.row().id();
    String form = formOf(run.row());
    // It may have been whole when the server was killed, before the job could be ended.
    if (files.find(id, form).isEmpty()) {
      write(run, form);
    }
    long bytes = files.find(id, form).map(ExportFiles.Kept::bytes).orElse(0L);
    At at = At.of(run.row().state());
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("documents_exported", at.documents());
    result.put("format", form);
    result.put("file_size_bytes", bytes);
    result.put("library_id", run.library().name());
    Progress whole = new Progress(at.documents(), at.documents(), "the file is whole");
    return new Finish(whole, result, List.of(), true);
  }

  private void write(JobRun run, String form) {
    boolean embeddings = Boolean.TRUE.equals(run.row().options().get(NewJob.EMBEDDINGS));
    ExportForm writing = new ExportForm(form, embeddings);
    long total = libraries.statistics(run.library()).documents();
    At at = At.of(run.row().state());
    try (ExportFiles.Draft file = files.open(run.row().id(), at.bytes())) {
      if (file.bytes() < at.bytes()) {
        at = At.BEGINNING; // the file is gone, as after a restore
      }
      Page<DocumentInfo> page;
      do {
        run.requireRunning();
        page = libraries.documents(run.library(), PAGE, at.cursor());
        At after = write(run, page, at, new Pen(file, writing));
        file.sync();
        run.commit(CHECKPOINT_BYTES, _ -> after.checkpoint(total));
        at = after;
      } while (page.next() != null);
      file.write(writing.end(at.documents() == 0));
      file.complete(form);
    }
  }

  /// A file and how to write into it.
  private record Pen(ExportFiles.Draft file, ExportForm form) {}

  private At write(JobRun run, Page<DocumentInfo> page, At from, Pen pen) {
    long documents = from.documents();
    for (DocumentInfo listed : page.items()) {
      if (run.isStopped()) {
        throw new JobStopped();
      }
      DocumentInfo whole =
          libraries.document(run.library(), listed.id(), pen.form.embeddings()).orElse(null);
      if (whole != null) { // or deleted meanwhile
        pen.file.write(pen.form.document(whole, documents == 0));
        documents++;
      }
      requireRoom(pen.file.bytes());
    }
    String cursor = page.items().isEmpty() ? from.cursor() : page.items().getLast().id();
    return new At(cursor, documents, pen.file.bytes());
  }

  private void requireRoom(long bytes) {
    if (bytes > maxBytes) {
      throw new ServiceException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "The export would be longer than "
              + maxBytes
              + " bytes (jobs.max-export-bytes). Stream the documents instead:"
              + " GET /v1/libraries/ID/documents/stream.");
    }
  }
}
