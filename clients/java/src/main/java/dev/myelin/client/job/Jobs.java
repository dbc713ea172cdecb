package dev.myelin.client.job;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.Incoming;
import dev.myelin.client.http.JsonBody;
import dev.myelin.client.http.Paged;
import dev.myelin.client.library.model.NewDocument;
import dev.myelin.client.library.wire.DocumentForms;
import dev.myelin.client.library.wire.LibraryForms;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a server does in the background. Any thread; calls block, and throw a [MyelinException].
///
/// What starts a job is sent again, with an `Idempotency-Key` of its own, when the connection
/// breaks: nothing is started twice.
public final class Jobs {
  private static final String ALL = "/v1/jobs";
  private static final int PAGE = 100;
  private static final Duration FIRST_LOOK = Duration.ofMillis(50);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  private final Http http;

  public Jobs(Http http) {
    this.http = http;
  }

  private static String one(String id) {
    return ALL + Call.path(id);
  }

  /// Adds up to 10 000 documents; a bad one fails alone, and is told of in the result.
  public Job importDocuments(String library, List<NewDocument> documents) {
    return start(
        "batch-import",
        JsonBody.object(json -> {
          json.writeStringField("library_id", library);
          json.writeArrayFieldStart("documents");
          for (NewDocument document : documents) {
            DocumentForms.write(json, document);
          }
          json.writeEndArray();
        }));
  }

  /// Writes all documents into a file on the server, a line of JSON each; then [#download] it.
  public Job exportDocuments(String library, boolean includeEmbeddings) {
    return start(
        "batch-export",
        JsonBody.object(json -> {
          json.writeStringField("library_id", library);
          json.writeBooleanField("include_embeddings", includeEmbeddings);
        }));
  }

  /// Deletes up to 10 000 documents.
  public Job deleteDocuments(String library, List<String> ids) {
    return start(
        "batch-delete",
        JsonBody.object(json -> {
          json.writeStringField("library_id", library);
          JsonBody.put(json, "document_ids", ids);
        }));
  }

  /// Builds the index anew from the journal, while it serves.
  public Job rebuildIndex(String library) {
    return start("index-rebuild", library);
  }

  /// Indexes what is fresh and merges the index into fewer parts, while it serves.
  public Job optimizeIndex(String library) {
    return start("index-optimize", library);
  }

  /// Has the server's model embed all documents anew.
  public Job regenerateEmbeddings(String library) {
    return start("regenerate-embeddings", library);
  }

  private Job start(String what, String library) {
    return start(what, JsonBody.object(json -> json.writeStringField("library_id", library)));
  }

  private Job start(String what, byte[] body) {
    Call call = Call.post(ALL + "/" + what, body).withIdempotencyKey();
    return job(http.send(call).json());
  }

  /// A job; status 404 if there is none.
  public Job get(String id) {
    return job(http.send(Call.get(one(id))).json());
  }

  /// All jobs that the key may read, newest first.
  public Paged<Job> list() {
    return list(null, null);
  }

  /// Jobs, newest first.
  ///
  /// @param status null for any
  /// @param library null for any
  public Paged<Job> list(@Nullable JobStatus status, @Nullable String library) {
    Call call =
        Call.get(ALL)
            .with("status", status == null ? null : status.word())
            .with("library_id", library)
            .with("limit", PAGE);
    return new Paged<>(cursor -> {
      JsonObject page = http.send(call.with("cursor", cursor)).json();
      return new Paged.Page<>(
          page.objects("jobs").stream().map(Jobs::job).toList(), page.textOrNull("next_cursor"));
    });
  }

  /// Waits until a job is over, and looks more and more seldom, every two seconds in the end.
  ///
  /// @return the job: completed, failed or cancelled
  /// @throws MyelinException TIMEOUT if it goes on for longer than that
  public Job await(String id, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST_LOOK;
    Job job = get(id);
    while (!job.status().isOver()) {
      if (System.nanoTime() - end > 0) {
        throw new MyelinException(
            MyelinException.TIMEOUT, "Job " + id + " is not over in " + patience + ".", null);
      }
      Thread.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : pause.multipliedBy(2);
      job = get(id);
    }
    return job;
  }

  /// Ends a job: once this returns nothing more is done for it, and what was done stays. Status 409
  /// if it is over already.
  public Job cancel(String id) {
    return job(http.send(Call.post(one(id) + "/cancel")).json());
  }

  /// Forgets a job that is over, with its file; one that is not over is cancelled and stays.
  public void delete(String id) {
    var _ = http.send(Call.delete(one(id)));
  }

  /// Takes the file that an export has left.
  ///
  /// @return how many bytes it has
  /// @throws IOException if they cannot be written
  public long download(String id, OutputStream to) throws IOException {
    try (Incoming file = http.open(Call.get(one(id) + "/result"))) {
      return file.transferTo(to, http.options().requestTimeout());
    }
  }

  private static Job job(JsonObject json) {
    JsonObject progress = json.object("progress");
    return new Job(
        json.text("job_id"),
        json.text("job_type"),
        JobStatus.of(json.text("status")),
        json.textOrNull("library_id"),
        new Job.Times(
            LibraryForms.time(json, "created_at"),
            json.time("started_at"),
            json.time("completed_at")),
        new Job.Progress(
            progress.number("current"),
            progress.number("total"),
            progress.text("message"),
            progress.decimal("percentage")),
        json.object("result").map(),
        json.textOrNull("error"),
        (int) json.number("retries"));
  }
}
