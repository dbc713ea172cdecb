package dev.myelin.library.job.work;

import dev.myelin.library.Bulk;
import dev.myelin.library.DocumentDraft;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.job.model.Progress;
import dev.myelin.library.model.Page;
import dev.myelin.library.store.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Has the model embed all documents of a library anew, one in each write, in order of id.
public final class EmbeddingWork implements Work {
  private static final int PAGE = 64;
  private static final String DOING = "embedding documents";

  private final LibraryService libraries;
  private final Bulk bulk;

  public EmbeddingWork(LibraryService libraries) {
    this.libraries = libraries;
    this.bulk = libraries.bulk();
  }

  /// How far it is.
  ///
  /// @param cursor the last document, null before the first
  private record At(@Nullable String cursor, long documents, long passages) {
    static At of(Map<String, @Nullable Object> state) {
      Fields fields = new Fields(state);
      return new At(
          fields.textOrNull("cursor"), fields.number("documents"), fields.number("passages"));
    }

    At after(String id, int more) {
      return new At(id, documents + 1, passages + more);
    }

    Checkpoint checkpoint(long total) {
      Map<String, @Nullable Object> state = new LinkedHashMap<>();
      state.put("cursor", cursor);
      state.put("documents", documents);
      state.put("passages", passages);
      return new Checkpoint(new Progress(documents, Math.max(documents, total), DOING), state);
    }
  }

  @Override
  public Finish run(JobRun run) {
    long total = libraries.statistics(run.library()).documents();
    At at = At.of(run.row().state());
    Page<DocumentInfo> page;
    do {
      page = libraries.documents(run.library(), PAGE, at.cursor());
      for (DocumentInfo document : page.items()) {
        run.requireRunning();
        embed(run, document.id(), total);
      }
      at = At.of(run.row().state());
    } while (page.next() != null);
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("chunks_reembedded", at.passages());
    result.put("documents", at.documents());
    result.put("library_id", run.library().name());
    Progress whole = new Progress(at.documents(), at.documents(), "all documents were embedded");
    return new Finish(whole, result, List.of(), false);
  }

  /// Tries again while somebody else changes the document.
  private void embed(JobRun run, String id, long total) {
    At before = At.of(run.row().state());
    boolean[] done = {false};
    while (!done[0]) {
      DocumentInfo document = libraries.document(run.library(), id, false).orElse(null);
      if (document == null) {
        return; // deleted meanwhile
      }
      DocumentDraft draft = bulk.embedAnew(run.library(), document);
      run.commit(
          draft.bytes(),
          batch -> {
            done[0] = bulk.replace(batch, draft);
            At after = done[0] ? before.after(id, draft.passages()) : before;
            return after.checkpoint(total);
          });
    }
  }
}
