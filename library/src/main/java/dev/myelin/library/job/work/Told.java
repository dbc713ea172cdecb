package dev.myelin.library.job.work;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event that a job's work has to tell, beside those of all jobs.
public record Told(String type, Map<String, @Nullable Object> data) {}
