package dev.myelin.stream;

import dev.myelin.journal.Lane;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.Episode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import org.jspecify.annotations.Nullable;

/// What a client says on an observation stream, whatever the transport.
public sealed interface ClientMessage {

  /// Opens a session, or resumes one.
  ///
  /// @param resume the session to go on with; unknown or expired opens a new one
  record Init(SpaceId space, @Nullable SessionId resume, StreamOptions options)
      implements ClientMessage {}

  /// One observation.
  ///
  /// @param session the session the client believes to speak on, null if it did not say
  /// @param sequence its number, one more than the last
  record Observe(@Nullable SessionId session, long sequence, Lane lane, Episode episode)
      implements ClientMessage {}

  /// An observation whose number could be read but whose episode is invalid: it gets a rejection.
  record Invalid(@Nullable SessionId session, long sequence, ServiceException reason)
      implements ClientMessage {}

  /// A message that could not be understood: it is answered by an error and changes nothing.
  ///
  /// @param requestId the client's name for the recall that it was, or empty
  record Malformed(String requestId, ServiceException reason) implements ClientMessage {

    /// A message that was no recall.
    public Malformed(ServiceException reason) {
      this("", reason);
    }
  }

  /// Steers what flows.
  ///
  /// @param bufferRemaining room left at the client, for BUFFER_STATUS
  record Flow(@Nullable SessionId session, FlowAction action, int bufferRemaining)
      implements ClientMessage {}

  /// Looks for memories on the session's connection; answered in its turn, and sees every
  /// observation sent before it on this connection.
  ///
  /// @param requestId the client's, given back with the answer
  /// @param inSessionSpace whether it named no space, and so looks in that of its session, whatever
  ///   the query says
  record Recall(String requestId, boolean inSessionSpace, RecallQuery query)
      implements ClientMessage {}

  /// Ends the session.
  ///
  /// @param drain whether what was accepted is settled and answered first
  record Close(@Nullable SessionId session, boolean drain) implements ClientMessage {}

  /// What a client may do to the flow.
  enum FlowAction {
    PAUSE,
    RESUME,
    SLOW_DOWN,
    SPEED_UP,
    BUFFER_STATUS
  }
}
