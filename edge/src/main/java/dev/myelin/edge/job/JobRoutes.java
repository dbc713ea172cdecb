package dev.myelin.edge.job;

import dev.myelin.edge.library.DocumentReader;
import dev.myelin.edge.rest.AnswerStream;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.library.LibraryService;
import dev.myelin.library.job.ExportedFile;
import dev.myelin.library.job.JobService;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobPage;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.QueueStatistics;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `/v1/jobs`: asks for jobs, and tells of them. A job of a library that the key may not read is no
/// job.
public final class JobRoutes {
  private static final String ONE = JobJson.ALL + "/{job_id}";
  private static final int MAX_LIMIT = 1_000;
  private static final int DEFAULT_LIMIT = 100;
  private static final int PIECE = 64 * 1024;

  private final JobService jobs;
  private final JobReader reader;

  public JobRoutes(JobService jobs, LibraryService libraries, DocumentReader documents) {
    this.jobs = jobs;
    reader = new JobReader(libraries, documents, jobs.config().queue().maxItems());
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (JobType type : JobType.values()) {
      String path = JobJson.ALL + "/" + type.pathWord();
      routes.add(Route.of("POST", path, request -> submit(request, type)));
    }
    routes.add(Route.of("GET", JobJson.ALL, this::list));
    routes.add(Route.of("GET", JobJson.ALL + "/stats/queue", this::statistics));
    routes.add(Route.of("GET", ONE, request -> answer(visible(request))));
    routes.add(Route.of("DELETE", ONE, this::delete));
    routes.add(Route.of("POST", ONE + "/cancel", this::cancel));
    routes.add(Route.streamed("GET", ONE + "/result", this::result));
    return routes;
  }

  private RestAnswer submit(RestRequest request, JobType type) {
    return JobJson.accepted(jobs.submit(reader.read(request, type)));
  }

  private static RestAnswer answer(JobInfo job) {
    return RestAnswer.ok(json -> JobJson.job(json, job));
  }

  /// The job of a path.
  ///
  /// @throws ServiceException NOT_FOUND, also if the key may not read its library
  private JobInfo visible(RestRequest request) {
    String id = request.value("job_id");
    return jobs.find(request.tenant(), id)
        .filter(job -> request.principal().may(Scope.READ, job.library()))
        .orElseThrow(() -> JobService.unknown(id));
  }

  /// The job of a path, of who may have it done and ended.
  private JobInfo permitted(RestRequest request) {
    JobInfo job = visible(request);
    var _ = request.principal().require(job.type().scope(), job.library());
    return job;
  }

  private RestAnswer list(RestRequest request) {
    int limit = (int) request.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    JobPage page =
        jobs.list(request.tenant(), JobReader.filter(request), limit, request.parameter("cursor"));
    RestAnswer answer =
        RestAnswer.ok(json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("jobs");
          for (JobInfo job : page.jobs()) {
            JobJson.job(json, job);
          }
          json.writeEndArray();
          json.writeNumberField("total", page.total());
          json.writeStringField("next_cursor", page.next());
          json.writeEndObject();
        });
    return page.next() == null
        ? answer
        : answer.withHeader("link", "<" + next(request, page.next(), limit) + ">; rel=\"next\"");
  }

  /// The next page of the same list.
  private static String next(RestRequest request, String cursor, int limit) {
    StringBuilder path = new StringBuilder(JobJson.ALL).append("?limit=").append(limit);
    for (String name : List.of("status", "type", "library_id")) {
      String value = request.parameter(name);
      if (value != null) {
        path.append('&').append(name).append('=').append(encoded(value));
      }
    }
    return path.append("&cursor=").append(encoded(cursor)).toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private RestAnswer statistics(RestRequest request) {
    QueueStatistics figures = jobs.statistics(request.tenant(), JobReader.filter(request));
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeNumberField("total_jobs", figures.total());
      json.writeNumberField("completed_jobs", figures.of(JobStatus.COMPLETED));
      json.writeNumberField("failed_jobs", figures.of(JobStatus.FAILED));
      json.writeNumberField("cancelled_jobs", figures.of(JobStatus.CANCELLED));
      json.writeNumberField("pending_jobs", figures.of(JobStatus.PENDING));
      json.writeNumberField("running_jobs", figures.of(JobStatus.RUNNING));
      json.writeNumberField("queue_size", figures.of(JobStatus.PENDING));
      json.writeNumberField("num_workers", figures.workers());
      json.writeBooleanField("running", figures.running());
      json.writeEndObject();
    });
  }

  private RestAnswer cancel(RestRequest request) {
    JobInfo job = permitted(request);
    return answer(jobs.cancel(request.tenant(), job.id()));
  }

  private RestAnswer delete(RestRequest request) {
    JobInfo before = permitted(request);
    JobInfo after = jobs.delete(request.tenant(), before.id());
    String what = before.status().isFinal() ? "Job deleted" : "Job cancelled";
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeStringField("message", what);
      json.writeStringField("job_id", after.id());
      json.writeStringField("status", after.status().word());
      json.writeEndObject();
    });
  }

  // ---- exported files

  private RestAnswer result(RestRequest request) {
    ExportedFile file = jobs.file(request.tenant(), visible(request).id());
    String name = file.path().getFileName().toString();
    return RestAnswer.stream(mediaType(file.form()), out -> send(file, out))
        .withHeader("content-disposition", "attachment; filename=\"" + name + "\"");
  }

  private static String mediaType(String form) {
    return switch (form) {
      case "json" -> RestAnswer.JSON;
      case "csv" -> "text/csv; charset=utf-8; header=present";
      default -> RestAnswer.NDJSON;
    };
  }

  private static void send(ExportedFile file, AnswerStream out) throws InterruptedException {
    byte[] piece = new byte[PIECE];
    try (InputStream in = Files.newInputStream(file.path())) {
      for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
        out.write(Arrays.copyOf(piece, size));
      }
    } catch (IOException e) {
      throw new ServiceException(
          ErrorCode.GONE, "The file went, or cannot be read. Export again.", null, e);
    }
  }
}
