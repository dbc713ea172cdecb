package dev.myelin.library.event;

import org.jspecify.annotations.Nullable;

/// Who asked for a change: handed through to those who hear of it, so that a connection can answer
/// before it tells of what the answer caused.
///
/// @param token what the asker knows itself by, compared by identity
public record Cause(@Nullable Object token) {
  public static final Cause NONE = new Cause(null);
}
