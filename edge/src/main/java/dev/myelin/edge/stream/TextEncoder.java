package dev.myelin.edge.stream;

import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.model.Circumstances;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryType;
import dev.myelin.model.SessionId;
import dev.myelin.stream.ServerMessage;
import dev.myelin.stream.ServerMessage.Accepted;
import dev.myelin.stream.ServerMessage.AckBatch;
import dev.myelin.stream.ServerMessage.Failure;
import dev.myelin.stream.ServerMessage.Heartbeat;
import dev.myelin.stream.ServerMessage.Indexed;
import dev.myelin.stream.ServerMessage.InitAck;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.Rejected;
import dev.myelin.stream.ServerMessage.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes what the server says as one JSON object. One thread; what was written stays until the
/// next.
final class TextEncoder {
  private static final byte[] INIT_ACK = json("{'type':'init_ack','session_id':");
  private static final byte[] INITIAL_SEQUENCE = json(",'initial_sequence':");
  private static final byte[] CAPABILITIES =
      json(",'capabilities':{'max_observations_per_second':");
  private static final byte[] CAPABILITY_QUEUE = json(",'queue_capacity':");
  private static final byte[] CAPABILITIES_END =
      json(",'supports_backpressure':true,'supports_snapshot_isolation':true}}");
  private static final byte[] ACK = json("{'type':'ack','session_id':");
  private static final byte[] SEQUENCE_NUMBER = json(",'sequence_number':");
  private static final byte[] ACCEPTED = json(",'status':'accepted','memory_id':");
  private static final byte[] INDEXED = json(",'status':'indexed','memory_id':");
  private static final byte[] REJECTED = json(",'status':'rejected'");
  private static final byte[] COMMITTED_AT = json(",'committed_at':");
  private static final byte[] REPLACED = json(",'replaced':true");
  private static final byte[] CODE = json(",'code':");
  private static final byte[] REASON = json(",'reason':");
  private static final byte[] RETRY_AFTER = json(",'retry_after_ms':");
  private static final byte[] ACK_BATCH = json("{'type':'ack_batch','session_id':");
  private static final byte[] FROM = json(",'from':");
  private static final byte[] TO = json(",'to':");
  private static final byte[] REJECTED_LIST = json(",'rejected':[");
  private static final byte[] REJECTED_ITEM = json("{'sequence_number':");
  private static final byte[] STATUS = json("{'type':'status','session_id':");
  private static final byte[] STATE = json(",'state':");
  private static final byte[] MESSAGE = json(",'message':");
  private static final byte[] LAST_SEQUENCE = json(",'last_sequence':");
  private static final byte[] QUEUE_DEPTH = json(",'queue_depth':");
  private static final byte[] PRESSURE = json(",'pressure':");
  private static final byte[] RECALL_RESULT = json("{'type':'recall_result','request_id':");
  private static final byte[] RESULTS = json(",'results':[");
  private static final byte[] MORE_RESULTS = json("],'more_results':");
  private static final byte[] SNAPSHOT_SEQUENCE = json(",'snapshot_sequence':");
  private static final byte[] METADATA_CANDIDATES = json(",'metadata':{'total_activated':");
  private static final byte[] ABOVE_THRESHOLD = json(",'above_threshold':");
  private static final byte[] AVG_ACTIVATION = json(",'avg_activation':");
  private static final byte[] RECALL_TIME = json(",'recall_time_ms':");
  private static final byte[] TWO_ENDS = json("}}");
  private static final byte[] HEARTBEAT = json("{'type':'heartbeat','session_id':");
  private static final byte[] TIMESTAMP = json(",'timestamp':");
  private static final byte[] ERROR = json("{'type':'error','message':");
  private static final byte[] SESSION_ID = json(",'session_id':");
  private static final byte[] REQUEST_ID = json(",'request_id':");
  private static final byte[] RESULT = json("{'id':");
  private static final byte[] CONTENT = json(",'content':");
  private static final byte[] SIMILARITY = json(",'similarity':");
  private static final byte[] SCORE = json(",'score':");
  private static final byte[] ACTIVATION = json(",'activation':");
  private static final byte[] CONFIDENCE = json(",'confidence':");
  private static final byte[] WHEN = json(",'when':");
  private static final byte[] CREATED_AT = json(",'created_at':");
  private static final byte[] METADATA = json(",'metadata':{");
  private static final byte[] TAGS = json("},'tags':[");
  private static final byte[] WHO = json(",'who':[");
  private static final byte[] WHERE = json(",'where_location':");
  private static final byte[] WHY = json(",'why':");
  private static final byte[] HOW = json(",'how':");
  private static final byte[] MEMORY_TYPE = json(",'memory_type':");
  private static final byte[] EMBEDDING = json(",'embedding':[");

  private final JsonWriter out = new JsonWriter();

  private static byte[] json(String withSingleQuotes) {
    return withSingleQuotes.replace('\'', '"').getBytes(StandardCharsets.US_ASCII);
  }

  /// Writes a message; it is in the first bytes of what the writer gives.
  JsonWriter encode(ServerMessage message) {
    out.clear();
    switch (message) {
      case Accepted accepted -> accepted(accepted);
      case Rejected rejected -> rejected(rejected);
      case AckBatch batch -> batch(batch);
      case Indexed indexed -> indexed(indexed);
      case InitAck ack -> initAck(ack);
      case Status status -> status(status);
      case RecallResult result -> recallResult(result);
      case Heartbeat heartbeat -> heartbeat(heartbeat);
      case Failure failure -> failure(failure);
    }
    return out;
  }

  private void initAck(InitAck ack) {
    out.raw(INIT_ACK).text(ack.session().toString());
    out.raw(INITIAL_SEQUENCE).number(ack.initialSequence());
    out.raw(CAPABILITIES).number(ack.capabilities().maxObservationsPerSecond());
    out.raw(CAPABILITY_QUEUE).number(ack.capabilities().queueCapacity());
    out.raw(CAPABILITIES_END);
  }

  private void accepted(Accepted ack) {
    out.raw(ACK).text(ack.session().toString());
    out.raw(SEQUENCE_NUMBER).number(ack.sequence());
    out.raw(ACCEPTED).text(ack.memory().value());
    out.raw(COMMITTED_AT).time(ack.committedAt());
    if (ack.replaced()) {
      out.raw(REPLACED);
    }
    out.raw('}');
  }

  private void rejected(Rejected ack) {
    out.raw(ACK).text(ack.session().toString());
    out.raw(SEQUENCE_NUMBER).number(ack.sequence());
    out.raw(REJECTED);
    reason(ack);
  }

  private void reason(Rejected ack) {
    code(ack.code());
    out.raw(REASON).text(ack.reason());
    retryAfter(ack.retryAfter());
    out.raw('}');
  }

  private void code(ErrorCode code) {
    out.raw(CODE).text(code.name().toLowerCase(Locale.ROOT));
  }

  private void retryAfter(@Nullable Duration wait) {
    if (wait != null) {
      out.raw(RETRY_AFTER).number(wait.toMillis());
    }
  }

  private void batch(AckBatch ack) {
    out.raw(ACK_BATCH).text(ack.session().toString());
    out.raw(FROM).number(ack.from());
    out.raw(TO).number(ack.to());
    out.raw(COMMITTED_AT).time(ack.committedAt());
    out.raw(REJECTED_LIST);
    boolean first = true;
    for (Rejected rejected : ack.rejected()) {
      comma(first);
      first = false;
      out.raw(REJECTED_ITEM).number(rejected.sequence());
      reason(rejected);
    }
    out.raw(']').raw('}');
  }

  private void comma(boolean first) {
    if (!first) {
      out.raw(',');
    }
  }

  private void indexed(Indexed ack) {
    out.raw(ACK).text(ack.session().toString());
    out.raw(SEQUENCE_NUMBER).number(ack.sequence());
    out.raw(INDEXED).text(ack.memory().value()).raw('}');
  }

  private void status(Status status) {
    out.raw(STATUS).text(status.session().toString());
    out.raw(STATE).text(status.state().name());
    out.raw(MESSAGE).text(status.text());
    out.raw(LAST_SEQUENCE).number(status.lastSequence());
    out.raw(QUEUE_DEPTH).number(status.pressure().depth());
    out.raw(CAPABILITY_QUEUE).number(status.pressure().capacity());
    out.raw(PRESSURE).number(status.pressure().pressure());
    retryAfter(status.retryAfter());
    out.raw('}');
  }

  private void heartbeat(Heartbeat heartbeat) {
    out.raw(HEARTBEAT);
    session(heartbeat.session());
    out.raw(TIMESTAMP).time(heartbeat.at()).raw('}');
  }

  private void session(@Nullable SessionId session) {
    if (session == null) {
      out.nothing();
    } else {
      out.text(session.toString());
    }
  }

  private void failure(Failure failure) {
    out.raw(ERROR).text(failure.text());
    code(failure.code());
    out.raw(SESSION_ID);
    session(failure.session());
    if (failure.sequence() > 0) {
      out.raw(SEQUENCE_NUMBER).number(failure.sequence());
    }
    if (!failure.requestId().isEmpty()) {
      out.raw(REQUEST_ID).text(failure.requestId());
    }
    out.raw('}');
  }

  private void recallResult(RecallResult result) {
    out.raw(RECALL_RESULT).text(result.requestId());
    out.raw(RESULTS);
    boolean first = true;
    for (Recalled recalled : result.results()) {
      comma(first);
      first = false;
      recalled(recalled);
    }
    out.raw(MORE_RESULTS).flag(result.moreResults());
    out.raw(SNAPSHOT_SEQUENCE).number(result.snapshotSequence());
    out.raw(METADATA_CANDIDATES).number(result.summary().candidates());
    out.raw(ABOVE_THRESHOLD).number(result.summary().returned());
    out.raw(AVG_ACTIVATION).number(result.summary().meanActivation());
    out.raw(RECALL_TIME).number(result.summary().took().toMillis());
    out.raw(TWO_ENDS);
  }

  private void recalled(Recalled recalled) {
    Memory memory = recalled.memory();
    out.raw(RESULT).text(memory.id().value());
    out.raw(CONTENT).text(memory.content());
    out.raw(SIMILARITY).number(recalled.similarity());
    out.raw(SCORE).number(recalled.score());
    out.raw(ACTIVATION).number(recalled.activation());
    out.raw(CONFIDENCE).number(memory.confidence().value());
    out.raw(WHEN).time(memory.when());
    out.raw(CREATED_AT).time(memory.committedAt());
    circumstances(memory.circumstances());
    Embedding embedding = memory.episode().embedding();
    if (embedding != null) {
      out.raw(EMBEDDING);
      boolean first = true;
      for (float value : embedding.values()) {
        comma(first);
        first = false;
        out.number(value);
      }
      out.raw(']');
    }
    out.raw('}');
  }

  private void circumstances(Circumstances known) {
    out.raw(METADATA);
    boolean first = true;
    for (Map.Entry<String, String> pair : known.metadata().entrySet()) {
      comma(first);
      first = false;
      out.text(pair.getKey()).raw(':').text(pair.getValue());
    }
    out.raw(TAGS);
    texts(known.tags());
    optional(WHERE, known.place());
    if (!known.people().isEmpty()) {
      out.raw(WHO);
      texts(known.people());
    }
    optional(WHY, known.why());
    optional(HOW, known.how());
    if (known.type() != MemoryType.UNSPECIFIED) {
      out.raw(MEMORY_TYPE).text(known.type().name().toLowerCase(Locale.ROOT));
    }
  }

  private void texts(List<String> texts) {
    boolean first = true;
    for (String text : texts) {
      comma(first);
      first = false;
      out.text(text);
    }
    out.raw(']');
  }

  private void optional(byte[] name, @Nullable String value) {
    if (value != null) {
      out.raw(name).text(value);
    }
  }
}
