package dev.myelin.library.webhook.ledger;

import dev.myelin.library.store.Fields;
import dev.myelin.library.store.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far a webhook has come in the feed of one library.
///
/// @param offset up to which all events were delivered, or were not wanted
/// @param created when the library that the offset is of was made, in ms since 1970; 0 if it was
///   not looked at yet. One of another time is another library of the same id
/// @param deletedAfter in ms since 1970: deletions of libraries of that id after this were not told
///   yet; 0 if none was ever told or known
public record Place(long offset, long created, long deletedAfter, Failures failures) {

  /// Before a library that nobody had heard of when the webhook was made.
  public static final Place NONE = before(0);

  /// Before a library that was not looked at yet.
  public static Place before(long deletedAfter) {
    return new Place(0, 0, deletedAfter, Failures.NONE);
  }

  public Place at(long reached) {
    return new Place(reached, created, deletedAfter, Failures.NONE);
  }

  /// At the beginning of a library.
  public Place in(long made) {
    return new Place(0, made, deletedAfter, Failures.NONE);
  }

  public Place failing(Failures how) {
    return new Place(offset, created, deletedAfter, how);
  }

  byte[] encode() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("v", 1);
    json.put("offset", offset);
    json.put("created", created);
    json.put("deleted_after", deletedAfter);
    if (failures.attempts() > 0) {
      json.put("attempts", failures.attempts());
      json.put("since", failures.since().toEpochMilli());
      json.put("next_at", failures.nextAt().toEpochMilli());
      json.put("generation", failures.generation());
    }
    return Json.write(json);
  }

  static Place decode(byte[] row) {
    Fields fields = Fields.read(row);
    return new Place(
        fields.number("offset"),
        fields.number("created"),
        fields.number("deleted_after"),
        new Failures(
            (int) fields.number("attempts"),
            fields.time("since"),
            fields.time("next_at"),
            (int) fields.number("generation")));
  }
}
