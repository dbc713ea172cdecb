package dev.myelin.journal;

import dev.myelin.model.SpaceId;

/// Names a stream, as a path of parts: `space/{tenant}/{id}`.
public record StreamName(String path) {
  public StreamName {
    if (path.isEmpty() || path.length() > 512) {
      throw new IllegalArgumentException("path: " + path + " (expected: 1 to 512 characters)");
    }
  }

  public static StreamName of(SpaceId space) {
    return new StreamName("space/" + space.tenant() + "/" + space.name());
  }
}
