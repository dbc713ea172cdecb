package dev.myelin.edge.job;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.json.JsonText;
import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobInfo.Failure;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.Progress;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Jobs as JSON.
final class JobJson {
  static final String ALL = "/v1/jobs";

  private JobJson() {}

  /// The answer to whoever asked for a job: it will be done.
  static RestAnswer accepted(JobInfo job) {
    return RestAnswer.json(
            202,
            json -> {
              json.writeStartObject();
              members(json, job);
              json.writeStringField("message", "The job was accepted; GET " + path(job));
              json.writeEndObject();
            })
        .withHeader("location", path(job));
  }

  static String path(JobInfo job) {
    return ALL + "/" + job.id();
  }

  static void job(JsonGenerator json, JobInfo job) throws IOException {
    json.writeStartObject();
    members(json, job);
    json.writeEndObject();
  }

  private static void members(JsonGenerator json, JobInfo job) throws IOException {
    json.writeStringField("job_id", job.id());
    json.writeStringField("job_type", job.type().word());
    json.writeStringField("status", job.status().word());
    time(json, "created_at", job.times().created());
    time(json, "started_at", job.times().started());
    time(json, "completed_at", job.times().ended());
    json.writeStringField("library_id", job.library().name());
    json.writeFieldName("result");
    JsonText.value(json, result(job));
    Failure failure = job.failure();
    json.writeStringField("error", failure == null ? null : failure.text());
    json.writeFieldName("progress");
    progress(json, job.progress());
    json.writeNumberField("retries", job.tries().made());
    json.writeNumberField("max_retries", job.tries().max());
    time(json, "next_try_at", job.tries().next());
  }

  /// An export also says where its file is.
  private static @Nullable Map<String, @Nullable Object> result(JobInfo job) {
    Map<String, @Nullable Object> result = job.result();
    if (result == null
        || job.type() != JobType.BATCH_EXPORT
        || job.status() != JobStatus.COMPLETED) {
      return result;
    }
    Map<String, @Nullable Object> more = new LinkedHashMap<>(result);
    more.put("download", path(job) + "/result");
    return more;
  }

  private static void progress(JsonGenerator json, Progress progress) throws IOException {
    json.writeStartObject();
    json.writeNumberField("current", progress.current());
    json.writeNumberField("total", progress.total());
    json.writeStringField("message", progress.message());
    json.writeNumberField("percentage", progress.percentage());
    json.writeEndObject();
  }

  private static void time(JsonGenerator json, String name, @Nullable Instant time)
      throws IOException {
    json.writeStringField(name, time == null ? null : time.toString());
  }
}
