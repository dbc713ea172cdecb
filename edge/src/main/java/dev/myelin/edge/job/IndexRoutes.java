package dev.myelin.edge.job;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.library.LibraryIds;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.LibraryService;
import dev.myelin.library.job.JobService;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobInfo.Failure;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Indexes built anew and merged by jobs, for whoever waits for them: the answer is the result if
/// the job is quick, else the job.
public final class IndexRoutes {
  private static final String INDEX = "/v1/libraries/{library_id}/index";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_WORD = 2_048;

  private final JobService jobs;
  private final LibraryService libraries;

  public IndexRoutes(JobService jobs, LibraryService libraries) {
    this.jobs = jobs;
    this.libraries = libraries;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("POST", INDEX + "/rebuild", this::rebuild).needing(Scope.ADMIN),
        Route.of("POST", INDEX + "/optimize", this::optimize).needing(Scope.ADMIN));
  }

  private RestAnswer rebuild(RestRequest request) {
    // The engine chooses its index; what was asked for is heard and changes nothing.
    String wanted = request.jsonOrEmpty().textOrNull("index_type", 1, MAX_WORD);
    long began = System.nanoTime();
    JobInfo job = done(request, JobType.INDEX_REBUILD);
    return answer(
        job,
        (json, result) -> {
          member(json, "old_index_type", result.get("old_index_type"));
          member(json, "new_index_type", result.get("new_index_type"));
          member(json, "requested_index_type", wanted);
          member(json, "total_vectors_reindexed", result.get("vectors_reindexed"));
          member(json, "rebuild_time_ms", millisSince(began));
          member(json, "message", "Index rebuilt successfully");
        });
  }

  private RestAnswer optimize(RestRequest request) {
    long began = System.nanoTime();
    JobInfo job = done(request, JobType.INDEX_OPTIMIZE);
    return answer(
        job,
        (json, result) -> {
          member(json, "index_type", result.get("index_type"));
          member(json, "vectors_compacted", result.get("vectors_compacted"));
          member(json, "memory_freed_bytes", result.get("memory_freed_bytes"));
          member(json, "optimization_time_ms", millisSince(began));
          member(json, "message", "Index optimized successfully");
        });
  }

  /// Has a job done and waits for it, unless the client would rather not (RFC 7240).
  private JobInfo done(RestRequest request, JobType type) {
    String name = request.value("library_id");
    SpaceId library = LibraryIds.info(libraries, LibraryIds.of(request.tenant(), name)).id();
    JobInfo job = jobs.submit(NewJob.of(type, library).askedBy(request.idOf(0)));
    String prefer = request.header("prefer");
    return prefer != null && prefer.contains("respond-async") ? job : jobs.await(job, PATIENCE);
  }

  /// Tells the result of a job.
  private interface Telling {
    void write(JsonGenerator json, Map<String, @Nullable Object> result) throws IOException;
  }

  private static RestAnswer answer(JobInfo job, Telling telling) {
    Map<String, @Nullable Object> result = job.result();
    Failure failure = job.failure();
    if (job.status() == JobStatus.COMPLETED && result != null) {
      return RestAnswer.ok(json -> {
        json.writeStartObject();
        json.writeStringField("library_id", job.library().name());
        json.writeStringField("job_id", job.id());
        telling.write(json, result);
        json.writeEndObject();
      });
    }
    if (job.status().isFinal() && failure != null) {
      throw new ServiceException(failure.code(), failure.text());
    }
    return JobJson.accepted(job);
  }

  private static void member(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    json.writeFieldName(name);
    JsonText.value(json, value);
  }

  private static double millisSince(long began) {
    return Math.round((System.nanoTime() - began) / 10_000.0) / 100.0;
  }
}
