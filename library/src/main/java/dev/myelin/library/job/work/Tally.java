package dev.myelin.library.job.work;

import dev.myelin.library.job.model.Progress;
import dev.myelin.library.store.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became so far of the things that a job was given: its checkpoint.
///
/// @param next the number of the first one that is still to do
/// @param passages how many came or went with the good ones
/// @param errors what was wrong with the first of the bad ones
record Tally(long next, long good, long bad, long passages, List<Object> errors) {
  private static final int MAX_ERRORS = 20;
  private static final int MAX_ERROR = 500;

  Tally {
    errors = List.copyOf(errors);
  }

  static Tally of(Map<String, @Nullable Object> state) {
    Fields fields = new Fields(state);
    List<Object> errors = new ArrayList<>();
    if (state.get("errors") instanceof List<?> list) {
      list.forEach(errors::add);
    }
    return new Tally(
        fields.number("next"),
        fields.number("good"),
        fields.number("bad"),
        fields.number("passages"),
        errors);
  }

  Tally good(long itsPassages) {
    return new Tally(next + 1, good + 1, bad, passages + itsPassages, errors);
  }

  Tally bad(@Nullable String id, String reason) {
    if (errors.size() == MAX_ERRORS) {
      return new Tally(next + 1, good, bad + 1, passages, errors);
    }
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("index", next);
    error.put("document_id", id);
    error.put("error", reason.length() > MAX_ERROR ? reason.substring(0, MAX_ERROR) + "…" : reason);
    List<Object> more = new ArrayList<>(errors);
    more.add(error);
    return new Tally(next + 1, good, bad + 1, passages, more);
  }

  Progress progress(long total, String doing) {
    return new Progress(next, total, doing);
  }

  Checkpoint checkpoint(long total, String doing) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>();
    state.put("next", next);
    state.put("good", good);
    state.put("bad", bad);
    state.put("passages", passages);
    state.put("errors", errors);
    return new Checkpoint(progress(total, doing), state);
  }
}
