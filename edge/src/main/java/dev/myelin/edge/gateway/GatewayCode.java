package dev.myelin.edge.gateway;

import dev.myelin.model.ErrorCode;
import java.util.Locale;

/// What can go wrong on the gateway, as error events and as close codes. Closed; a number is never
/// used again.
public enum GatewayCode {
  INVALID_TOKEN(4001, false),
  TOKEN_EXPIRED(4002, true),
  PERMISSION_DENIED(4003, false),
  RATE_LIMIT_EXCEEDED(4004, true),
  INVALID_MESSAGE_FORMAT(4005, false),
  /// Also of what the caller may not see.
  CHANNEL_NOT_FOUND(4006, false),
  AGENT_NOT_AVAILABLE(4007, true),
  UNSUPPORTED_VERSION(4008, false),
  CONFLICT(4009, false),
  NOT_FOUND(4010, false),
  POSITION_LOST(4011, true),
  SLOW_CONSUMER(4012, true),
  CONNECTION_LIMIT(4013, true),
  UPLOAD_FAILED(4014, false),
  QUOTA_EXCEEDED(4015, true),
  SESSION_REPLACED(4016, false),
  HEARTBEAT_TIMEOUT(4017, true),
  INTERNAL(4018, true);

  private final int number;
  private final boolean temporary;

  GatewayCode(int number, boolean temporary) {
    this.number = number;
    this.temporary = temporary;
  }

  public int number() {
    return number;
  }

  /// Whether the same may succeed later, unchanged.
  public boolean isTemporary() {
    return temporary;
  }

  /// Whether a client that was closed with it shall connect again, and go on with its session.
  public boolean isComingBack() {
    return switch (this) {
      case TOKEN_EXPIRED, RATE_LIMIT_EXCEEDED, POSITION_LOST, SLOW_CONSUMER, HEARTBEAT_TIMEOUT ->
          true;
      default -> false;
    };
  }

  /// The name in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The one that says what a failure of the server's parts comes to.
  public static GatewayCode of(ErrorCode code) {
    return switch (code) {
      case INVALID_CHANNEL, LIBRARY_NOT_FOUND, INVALID_SPACE, INVALID_LIBRARY -> CHANNEL_NOT_FOUND;
      case UNAUTHENTICATED -> INVALID_TOKEN;
      case PERMISSION_DENIED -> PERMISSION_DENIED;
      case CONFLICT, ALREADY_EXISTS, PRECONDITION_FAILED -> CONFLICT;
      case NOT_FOUND, DOCUMENT_NOT_FOUND -> NOT_FOUND;
      case GONE -> POSITION_LOST;
      case OVERLOADED, TOO_MANY_CONNECTIONS, TOO_MANY_SPACES, RATE_LIMITED -> RATE_LIMIT_EXCEEDED;
      case SHUTTING_DOWN, STORAGE_UNAVAILABLE, INTERNAL, STORAGE_UNUSABLE, OUTCOME_UNKNOWN ->
          INTERNAL;
      default -> INVALID_MESSAGE_FORMAT;
    };
  }
}
