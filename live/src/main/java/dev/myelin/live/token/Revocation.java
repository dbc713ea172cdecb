package dev.myelin.live.token;

import java.time.Instant;
import java.util.Locale;

/// That tokens are not to be taken any more, although they have not expired.
///
/// @param id of this entry
/// @param tenant whose tokens; those of others with the same id or user are not meant
/// @param value `jti`, or the user
/// @param at when it was said; of a user's tokens, those count that were issued before or then
/// @param until when the entry ends; should be when the last token that it is for has expired
/// @param by who said so
public record Revocation(
    String id, String tenant, Kind kind, String value, Instant at, Instant until, String by) {

  /// What is revoked.
  public enum Kind {
    /// One token, by its id.
    TOKEN,
    /// All tokens of a user that were issued until then.
    SUBJECT;

    /// How it is written: the name in lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What is to be revoked.
  ///
  /// @param by who says so
  public record Wanted(String tenant, Kind kind, String value, Instant until, String by) {}
}
