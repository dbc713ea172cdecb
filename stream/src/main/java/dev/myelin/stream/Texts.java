package dev.myelin.stream;

import dev.myelin.journal.Lane;
import dev.myelin.journal.LaneLoad;
import dev.myelin.memory.Stored;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Scope;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;

/// What the service says to clients: what was wrong, what was expected, what to do.
final class Texts {
  static final String NO_SESSION =
      "No session yet: this message needs one. Send init first, and wait for its init_ack to learn"
          + " the number to go on with.";
  static final String STREAM_ENDS =
      "The server is shutting down; nothing was used up."
          + " Connect again in a few seconds and resume the session.";
  static final String TAKEN_OVER =
      "Another connection resumed this session, and this one ends. Go on there; if that was not you,"
          + " keep the session id secret and open a new session.";
  static final String NO_ROOM_TO_LOOK =
      "The server has no room to look anything up now. Try again in a few seconds.";
  static final String PAUSED =
      "Rejected: the stream is paused by its client. Send flow_control resume first; this number is"
          + " used up, go on with the next.";
  static final String CLOSED = "Closed: everything accepted is settled and answered.";
  static final String CLOSED_AT_ONCE =
      "Closed at once: what was on its way is still committed, but not acknowledged.";
  static final String ALREADY_RECEIVED = "was already received";
  static final String NOW_PAUSED = "Paused: observations are rejected until resume.";
  static final String NOW_ACTIVE = "Active: observations are taken.";
  static final String NOW_SLOW =
      "Slowed down: replies are gathered and sent together until speed_up.";
  static final String CALM = "The pressure is gone: send at full speed.";

  private Texts() {}

  static String secondInit(SessionId session) {
    return "Init came twice: this connection already has session "
        + session
        + ". Go on with it, or open another connection for another session.";
  }

  static String otherSession(SessionId expected, SessionId received) {
    return "Wrong session: this connection speaks for "
        + expected
        + ", received "
        + received
        + ". Send the id of its init_ack, or resume the other session on a connection of its own.";
  }

  static String tooManySessions(int max) {
    return "Too many sessions: "
        + max
        + " are open. Close sessions that are done (close ends one at once), resume yours instead of"
        + " opening another, or try again later; the operator can raise the bound.";
  }

  static String gap(long expected, long received) {
    return "Sequence gap: expected "
        + expected
        + ", received "
        + Long.toUnsignedString(received)
        + ". Nothing was used up. Send "
        + expected
        + " next, and every number after it in order.";
  }

  static String duplicate(long expected, long received, String fate) {
    return "Sequence duplicate: expected "
        + expected
        + ", received "
        + received
        + ", which "
        + fate
        + ". Nothing was used up. Go on with "
        + expected
        + ".";
  }

  static String committedAs(Stored stored) {
    return "was already committed as memory " + stored.id();
  }

  static String rejectedAs(ErrorCode code) {
    return "was already rejected (" + code + ")";
  }

  static String overloaded(Lane lane, LaneLoad load, Duration retryAfter) {
    return "Rejected: the "
        + name(lane)
        + " lane is overloaded ("
        + load.depth()
        + " of "
        + load.capacity()
        + " waiting). This number is used up. Send the episode again with the next number in "
        + retryAfter.toMillis()
        + " ms, and send more slowly.";
  }

  static String noRoom(String reason, Duration retryAfter) {
    return "Rejected: "
        + reason
        + " This number is used up. Send the episode again with the next number in "
        + retryAfter.toMillis()
        + " ms.";
  }

  static String underPressure(Lane lane, LaneLoad load, Duration retryAfter) {
    return "Slow down: the "
        + name(lane)
        + " lane is filling up ("
        + load.depth()
        + " of "
        + load.capacity()
        + " waiting). Halve your rate for "
        + retryAfter.toMillis()
        + " ms; observations are rejected if it fills further.";
  }

  /// An observation that could not be settled, the first of its round.
  static String voided(long sequence, String reason) {
    return "Observation "
        + sequence
        + " was not taken, and its number is not used up: "
        + reason
        + " Send "
        + sequence
        + " again in about a second, and every number after it.";
  }

  /// An observation whose predecessor could not be settled.
  static String voidedBehind(long sequence, long first) {
    return "Observation "
        + sequence
        + " was not taken, because "
        + first
        + " before it was not. Send again from "
        + first
        + ".";
  }

  static String mayNot(Scope scope, SpaceId space) {
    return "This key may not "
        + scope.word()
        + " "
        + space.name()
        + "; nothing was used up. Use a key with the scope "
        + scope.word()
        + " for it.";
  }

  static String recallFailed(String requestId, String reason) {
    return "Recall " + Excerpt.of(requestId) + " failed: " + reason;
  }

  /// Names one failure to the client and in the log.
  static String reference() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  static String internal(String reference) {
    return "Internal error (reference "
        + reference
        + "). Try again; if it stays, give the reference to the operator.";
  }

  private static String name(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }
}
