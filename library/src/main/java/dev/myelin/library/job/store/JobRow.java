package dev.myelin.library.job.store;

import dev.myelin.library.job.model.JobInfo;
import dev.myelin.library.job.model.JobInfo.Failure;
import dev.myelin.library.job.model.JobInfo.Times;
import dev.myelin.library.job.model.JobInfo.Tries;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.library.job.model.Progress;
import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the table of jobs holds of one, as JSON.
///
/// @param options what it was asked for with
/// @param state where it goes on: its last checkpoint, empty before the first
/// @param items how many things it was given
/// @param itemBytes how much room they take
public record JobRow(
    JobInfo info,
    Map<String, @Nullable Object> options,
    Map<String, @Nullable Object> state,
    long items,
    long itemBytes) {

  public JobRow {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    state = Collections.unmodifiableMap(new LinkedHashMap<>(state));
  }

  public String id() {
    return info.id();
  }

  public SpaceId library() {
    return info.library();
  }

  /// By which the request that asked for it is known each time it is sent; null if it is not.
  @Nullable UUID request() {
    return options.get(NewJob.REQUEST) instanceof String name ? UUID.fromString(name) : null;
  }

  public JobRow with(JobInfo other) {
    return new JobRow(other, options, state, items, itemBytes);
  }

  /// This row at another checkpoint.
  public JobRow at(Progress progress, Map<String, @Nullable Object> other) {
    return new JobRow(info.at(progress), options, other, items, itemBytes);
  }

  byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("id", info.id());
    json.put("tenant", info.library().tenant());
    json.put("library", info.library().name());
    json.put("type", info.type().word());
    json.put("status", info.status().word());
    json.put("created", info.times().created().toEpochMilli());
    json.put("started", millis(info.times().started()));
    json.put("ended", millis(info.times().ended()));
    json.put("retries", info.tries().made());
    json.put("max_retries", info.tries().max());
    json.put("next_try", millis(info.tries().next()));
    json.put("current", info.progress().current());
    json.put("total", info.progress().total());
    json.put("message", info.progress().message());
    json.put("result", info.result());
    Failure failure = info.failure();
    if (failure != null) {
      json.put("error_code", failure.code().number());
      json.put("error", failure.text());
    }
    json.put("options", options);
    json.put("state", state);
    json.put("items", items);
    json.put("item_bytes", itemBytes);
    return Json.write(json);
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }

  static JobRow decode(byte[] bytes) {
    Fields fields = Fields.read(bytes);
    Progress progress =
        new Progress(fields.number("current"), fields.number("total"), fields.text("message"));
    JobInfo info =
        new JobInfo(
            fields.text("id"),
            new SpaceId(fields.text("tenant"), fields.text("library")),
            JobType.parse(fields.text("type")).orElseThrow(JobRow::unreadable),
            JobStatus.parse(fields.text("status")).orElseThrow(JobRow::unreadable),
            new Times(
                fields.time("created"), timeOrNull(fields, "started"), timeOrNull(fields, "ended")),
            new Tries(
                (int) fields.number("retries"),
                (int) fields.number("max_retries"),
                timeOrNull(fields, "next_try")),
            progress,
            fields.map().get("result") == null ? null : fields.object("result"),
            failure(fields));
    return new JobRow(
        info,
        fields.object("options"),
        fields.object("state"),
        fields.number("items"),
        fields.number("item_bytes"));
  }

  private static @Nullable Instant timeOrNull(Fields fields, String name) {
    return fields.map().get(name) == null ? null : fields.time(name);
  }

  private static @Nullable Failure failure(Fields fields) {
    String text = fields.textOrNull("error");
    if (text == null) {
      return null;
    }
    long number = fields.number("error_code");
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(one -> one.number() == number)
            .findFirst()
            .orElse(ErrorCode.INTERNAL);
    return new Failure(code, text);
  }

  private static ServiceException unreadable() {
    return new ServiceException(
        ErrorCode.STORAGE_UNUSABLE,
        "The row of a job cannot be read. Use the version of Myelin that wrote the data folder, or"
            + " restore a backup.");
  }
}
