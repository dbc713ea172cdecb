package dev.myelin.model;

/// Every failure that crosses a module or the wire. Closed; a number is never used again.
///
/// The hundreds tell the client what to do: 1xxx mend the request, 2xxx mend the order of requests,
/// 3xxx wait and try again, 4xxx prove who you are, 5xxx the server's own trouble.
public enum ErrorCode {
  /// The request cannot be read at all.
  INVALID_REQUEST(1000),
  INVALID_SPACE(1001),
  INVALID_EPISODE(1002),
  INVALID_EMBEDDING(1003),
  DIMENSION_MISMATCH(1004),
  INVALID_CUE(1005),
  MESSAGE_TOO_LARGE(1006),
  NOT_FOUND(1007),
  UNSUPPORTED(1008),
  /// What was to be made is there already, and stays as it is.
  ALREADY_EXISTS(1009),
  /// It has another version than the request names.
  PRECONDITION_FAILED(1010),
  INVALID_DOCUMENT(1011),
  INVALID_LIBRARY(1012),
  INVALID_SEARCH(1013),
  /// A cursor points at changes that are not kept any more.
  GONE(1014),
  LIBRARY_NOT_FOUND(1015),
  DOCUMENT_NOT_FOUND(1016),
  /// It does not go with what is there, such as an id that is taken.
  CONFLICT(1017),
  INVALID_WEBHOOK(1020),
  INVALID_CHANNEL(1021),

  /// A message came before `init`, or after `close`.
  WRONG_STATE(2000),
  SEQUENCE_GAP(2001),
  SEQUENCE_DUPLICATE(2002),
  SESSION_MISMATCH(2003),
  /// Another connection resumed this session.
  SESSION_TAKEN_OVER(2004),
  SESSION_PAUSED(2005),
  SESSION_EXPIRED(2006),

  /// A lane is full; nothing was written.
  OVERLOADED(3000),
  /// The server is shutting down; nothing was written.
  SHUTTING_DOWN(3001),
  /// The disk is full or fails; nothing was written, reads go on.
  STORAGE_UNAVAILABLE(3002),
  TOO_MANY_CONNECTIONS(3003),
  TOO_MANY_SPACES(3004),
  /// One user asks too often.
  RATE_LIMITED(3005),

  UNAUTHENTICATED(4000),
  PERMISSION_DENIED(4001),

  INTERNAL(5000),
  /// The data folder is damaged, of a newer version, or held by another process.
  STORAGE_UNUSABLE(5001),
  /// Whether it was written is not known; ask again before writing again.
  OUTCOME_UNKNOWN(5002);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /// Whether the same request may succeed later, unchanged.
  public boolean isTemporary() {
    return (number >= 3000 && number < 4000) || this == OUTCOME_UNKNOWN;
  }
}
