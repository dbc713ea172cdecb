package dev.myelin.edge.grpc.call;

import dev.myelin.model.ErrorCode;

/// How a call ends: the status codes of gRPC.
public enum Status {
  OK(0),
  CANCELLED(1),
  UNKNOWN(2),
  INVALID_ARGUMENT(3),
  DEADLINE_EXCEEDED(4),
  NOT_FOUND(5),
  ALREADY_EXISTS(6),
  PERMISSION_DENIED(7),
  RESOURCE_EXHAUSTED(8),
  FAILED_PRECONDITION(9),
  ABORTED(10),
  UNIMPLEMENTED(12),
  INTERNAL(13),
  UNAVAILABLE(14),
  UNAUTHENTICATED(16);

  private final int code;

  Status(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /// The one table from our error codes to gRPC's.
  public static Status of(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST,
          INVALID_SPACE,
          INVALID_EPISODE,
          INVALID_EMBEDDING,
          DIMENSION_MISMATCH,
          INVALID_CUE,
          INVALID_DOCUMENT,
          INVALID_LIBRARY,
          INVALID_SEARCH,
          INVALID_WEBHOOK,
          INVALID_CHANNEL,
          SEQUENCE_GAP,
          SEQUENCE_DUPLICATE ->
          INVALID_ARGUMENT;
      case NOT_FOUND, LIBRARY_NOT_FOUND, DOCUMENT_NOT_FOUND, SESSION_MISMATCH, SESSION_EXPIRED ->
          NOT_FOUND;
      case UNSUPPORTED -> UNIMPLEMENTED;
      case WRONG_STATE, SESSION_PAUSED, CONFLICT, PRECONDITION_FAILED, GONE -> FAILED_PRECONDITION;
      case ALREADY_EXISTS -> ALREADY_EXISTS;
      case SESSION_TAKEN_OVER -> ABORTED;
      case MESSAGE_TOO_LARGE, OVERLOADED, TOO_MANY_CONNECTIONS, TOO_MANY_SPACES, RATE_LIMITED ->
          RESOURCE_EXHAUSTED;
      case SHUTTING_DOWN, STORAGE_UNAVAILABLE -> UNAVAILABLE;
      case UNAUTHENTICATED -> UNAUTHENTICATED;
      case PERMISSION_DENIED -> PERMISSION_DENIED;
      case INTERNAL, STORAGE_UNUSABLE -> INTERNAL;
      case OUTCOME_UNKNOWN -> UNKNOWN;
    };
  }
}
