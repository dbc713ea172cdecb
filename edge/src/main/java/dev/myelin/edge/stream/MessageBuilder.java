package dev.myelin.edge.stream;

import dev.myelin.edge.stream.MessageFields.Field;
import dev.myelin.journal.Lane;
import dev.myelin.memory.RecallQuery;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.Close;
import dev.myelin.stream.ClientMessage.Flow;
import dev.myelin.stream.ClientMessage.FlowAction;
import dev.myelin.stream.ClientMessage.Init;
import dev.myelin.stream.ClientMessage.Invalid;
import dev.myelin.stream.ClientMessage.Malformed;
import dev.myelin.stream.ClientMessage.Observe;
import dev.myelin.stream.ClientMessage.Recall;
import dev.myelin.stream.StreamOptions;
import org.jspecify.annotations.Nullable;

/// Makes a message of the fields that were read, once all of them are there.
final class MessageBuilder {
  private static final int DEFAULT_RESULTS = 10;
  private static final int MAX_REQUEST_ID_CHARACTERS = 256;
  private static final String TYPES = "init, observation, flow_control, close or recall";

  private final MessageFields fields;
  private final CueReader cue;

  MessageBuilder(MessageFields fields, CueReader cue) {
    this.fields = fields;
    this.cue = cue;
  }

  ClientMessage build(
      @Nullable Episode episode, @Nullable ServiceException wrongEpisode, SpaceId space) {
    String type;
    try {
      type = fields.text(Field.TYPE);
    } catch (ServiceException e) {
      return malformed("Invalid 'type' field: ", e);
    }
    return switch (type) {
      case null -> TextDecoder.malformed("Missing 'type' field (expected: " + TYPES + ").");
      case "init" -> attempt("init", () -> init(space.tenant()));
      case "observation" -> observation(episode, wrongEpisode);
      case "flow_control" -> attempt("flow control", this::flow);
      case "close" -> attempt("close", this::close);
      case "recall" -> recallOrFault(space);
      default ->
          TextDecoder.malformed(
              "Unknown message type: " + Excerpt.of(type) + " (expected: " + TYPES + ").");
    };
  }

  private interface Step {
    ClientMessage make();
  }

  private static ClientMessage attempt(String request, Step step) {
    try {
      return step.make();
    } catch (ServiceException e) {
      return malformed("Invalid " + request + " request: ", e);
    }
  }

  private static ClientMessage malformed(String prefix, ServiceException e) {
    return malformed("", prefix, e);
  }

  private static ClientMessage malformed(String requestId, String prefix, ServiceException e) {
    return new Malformed(requestId, new ServiceException(e.code(), prefix + e.text()));
  }

  private Init init(String tenant) {
    String resume = fields.text(Field.RESUME_SESSION_ID);
    String space = fields.text(Field.MEMORY_SPACE_ID);
    return new Init(
        SpaceId.of(tenant, space == null ? "" : space),
        resume == null ? null : SessionId.parse(resume).orElse(null),
        new StreamOptions(
            fields.size(Field.CLIENT_BUFFER_SIZE, 0),
            fields.flag(Field.ENABLE_BACKPRESSURE),
            batchedAcks(),
            fields.flag(Field.INDEXED_ACKS)));
  }

  private boolean batchedAcks() {
    String mode = fields.text(Field.ACK_MODE);
    return switch (mode) {
      case null -> false;
      case "single" -> false;
      case "batch" -> true;
      default -> throw unknown("ack_mode", mode, "single or batch");
    };
  }

  /// Once the number is known, what is wrong with the rest is a verdict on that number.
  private ClientMessage observation(
      @Nullable Episode episode, @Nullable ServiceException wrongEpisode) {
    SessionId session;
    long sequence;
    try {
      session = session();
      sequence = fields.count(Field.SEQUENCE_NUMBER, -1);
      if (sequence < 0) {
        throw missing("sequence_number", "one more than that of the observation before");
      }
    } catch (ServiceException e) {
      return malformed("Invalid observation request: ", e);
    }
    try {
      if (wrongEpisode != null) {
        throw wrongEpisode;
      }
      if (episode == null) {
        throw missing("episode", "an object with what, embedding or both");
      }
      return new Observe(session, sequence, lane(), episode);
    } catch (ServiceException e) {
      return new Invalid(session, sequence, e);
    }
  }

  private Lane lane() {
    String priority = fields.text(Field.PRIORITY);
    return switch (priority) {
      case null -> Lane.NORMAL;
      case "normal" -> Lane.NORMAL;
      case "high" -> Lane.HIGH;
      case "low" -> Lane.LOW;
      default -> throw unknown("priority", priority, "high, normal or low");
    };
  }

  private Flow flow() {
    String action = fields.text(Field.ACTION);
    if (action == null) {
      throw missing("action", "pause, resume, slow_down, speed_up or buffer_status");
    }
    return new Flow(session(), flowAction(action), fields.size(Field.BUFFER_REMAINING, 0));
  }

  private static FlowAction flowAction(String action) {
    return switch (action) {
      case "pause" -> FlowAction.PAUSE;
      case "resume" -> FlowAction.RESUME;
      case "slow_down" -> FlowAction.SLOW_DOWN;
      case "speed_up" -> FlowAction.SPEED_UP;
      case "buffer_status" -> FlowAction.BUFFER_STATUS;
      default ->
          throw new ServiceException(
              ErrorCode.INVALID_REQUEST,
              "Unknown flow control action: "
                  + Excerpt.of(action)
                  + " (expected: pause, resume, slow_down, speed_up or buffer_status).");
    };
  }

  private Close close() {
    return new Close(session(), fields.flag(Field.DRAIN) || fields.flag(Field.DRAIN_QUEUE));
  }

  private ClientMessage recallOrFault(SpaceId sessionSpace) {
    try {
      return recall(sessionSpace);
    } catch (ServiceException e) {
      return malformed(requestIdOrNone(), "Invalid recall request: ", e);
    }
  }

  /// The request's name, if it is fit to be given back.
  private String requestIdOrNone() {
    try {
      return requestId();
    } catch (ServiceException _) {
      return "";
    }
  }

  private Recall recall(SpaceId sessionSpace) {
    cue.check();
    String space = fields.text(Field.MEMORY_SPACE_ID);
    int wanted = fields.size(Field.MAX_RESULTS, DEFAULT_RESULTS);
    RecallQuery query =
        new RecallQuery(
            space == null ? sessionSpace : SpaceId.of(sessionSpace.tenant(), space),
            cue.embedding(),
            cue.text(),
            cue.filter(fields.time(Field.SNAPSHOT_TIME)),
            wanted == 0 ? DEFAULT_RESULTS : wanted,
            cue.minSimilarity(),
            Long.MAX_VALUE,
            fields.flag(Field.INCLUDE_EMBEDDINGS),
            fields.flag(Field.RANK_BY_ACTIVATION));
    fields.flag(
        Field.SNAPSHOT_ISOLATION); // an answer is one snapshot anyway; only its type is checked
    return new Recall(requestId(), space == null, query);
  }

  private String requestId() {
    String id = fields.text(Field.REQUEST_ID);
    if (id == null) {
      return "";
    }
    if (id.length() > MAX_REQUEST_ID_CHARACTERS) {
      throw unknown("request_id", id, "at most " + MAX_REQUEST_ID_CHARACTERS + " characters");
    }
    return id;
  }

  /// The session a message names, or null if it names none.
  private @Nullable SessionId session() {
    String text = fields.text(Field.SESSION_ID);
    if (text == null || text.isEmpty()) {
      return null;
    }
    return SessionId.parse(text)
        .orElseThrow(() ->
            new ServiceException(
                ErrorCode.SESSION_MISMATCH,
                "Session ID mismatch: "
                    + Excerpt.of(text)
                    + " is no session's id (expected: the session_id of the init_ack)."));
  }

  private static ServiceException missing(String field, String expected) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST, "missing field " + field + " (expected: " + expected + ").");
  }

  private static ServiceException unknown(String field, String value, String expected) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        field + " is " + Excerpt.of(value) + " (expected: " + expected + ").");
  }
}
