package dev.myelin.library.job.work;

import dev.myelin.library.job.model.Progress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a job goes on if it is interrupted here.
///
/// @param state what its work needs to know for that, as JSON can say it
public record Checkpoint(Progress progress, Map<String, @Nullable Object> state) {
  public Checkpoint {
    state = Collections.unmodifiableMap(new LinkedHashMap<>(state));
  }
}
