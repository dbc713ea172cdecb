package dev.myelin.client.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.client.model.RecallQuery;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON frames, as a browser would send them.
public final class JsonCodec implements Codec {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int FRAME_OVERHEAD = 256;
  private static final int CHARACTERS_PER_NUMBER = 14;

  private final boolean numbers;

  /// Makes a codec.
  ///
  /// @param numbers whether an embedding is an array of numbers; else it is base64 of little-endian
  ///   float32, which is half as long and much faster on both sides
  public JsonCodec(boolean numbers) {
    this.numbers = numbers;
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public void init(ByteBuf out, Opening opening) {
    write(
        out,
        json -> {
          json.writeStringField("type", "init");
          json.writeStringField("memory_space_id", opening.space());
          json.writeNumberField("client_buffer_size", opening.maxInFlight());
          json.writeBooleanField("enable_backpressure", true);
          if (!opening.resume().isEmpty()) {
            json.writeStringField("resume_session_id", opening.resume());
          }
          if (opening.batchedAcks()) {
            json.writeStringField("ack_mode", "batch");
          }
          if (opening.indexedAcks()) {
            json.writeBooleanField("indexed_acks", true);
          }
        });
  }

  @Override
  public void observation(
      ByteBuf out, Observation observation, String id, long sequence, Priority priority) {
    write(
        out,
        json -> {
          json.writeStringField("type", "observation");
          json.writeNumberField("sequence_number", sequence);
          if (priority != Priority.NORMAL) {
            json.writeStringField("priority", priority.name().toLowerCase(Locale.ROOT));
          }
          json.writeObjectFieldStart("episode");
          episode(json, observation, id);
          json.writeEndObject();
        });
  }

  private void episode(JsonGenerator json, Observation observation, String id) throws IOException {
    json.writeStringField("id", id);
    json.writeStringField("what", observation.what());
    text(json, "when", observation.when().map(Object::toString).orElse(null));
    if (observation.confidence() >= 0) {
      json.writeNumberField("encoding_confidence", observation.confidence());
    }
    if (!observation.details().equals(Observation.Details.NONE)) {
      details(json, observation.details());
    }
    if (observation.embedding().dimension() > 0) {
      json.writeFieldName("embedding");
      vector(json, observation.embedding().values());
    }
  }

  private static void details(JsonGenerator json, Observation.Details details) throws IOException {
    text(json, "where_location", details.place());
    text(json, "why", details.why());
    text(json, "how", details.how());
    texts(json, "who", details.people());
    texts(json, "tags", details.tags());
    if (!details.metadata().isEmpty()) {
      json.writeObjectFieldStart("metadata");
      for (Map.Entry<String, String> pair : details.metadata().entrySet()) {
        json.writeStringField(pair.getKey(), pair.getValue());
      }
      json.writeEndObject();
    }
    if (details.importance() > 0) {
      json.writeNumberField("importance", details.importance());
    }
    json.writeNumberField("emotional_valence", details.emotionalValence());
  }

  private void vector(JsonGenerator json, float[] values) throws IOException {
    if (numbers) {
      json.writeStartArray();
      for (float value : values) {
        json.writeNumber(value);
      }
      json.writeEndArray();
      return;
    }
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    json.writeBinary(bytes);
  }

  @Override
  public int sizeOf(Observation observation) {
    int perValue = numbers ? CHARACTERS_PER_NUMBER : Float.BYTES * 4 / 3 + 1;
    return FRAME_OVERHEAD
        + observation.what().length() * 3
        + observation.embedding().dimension() * perValue;
  }

  @Override
  public void pause(ByteBuf out, boolean paused) {
    write(
        out,
        json -> {
          json.writeStringField("type", "flow_control");
          json.writeStringField("action", paused ? "pause" : "resume");
        });
  }

  @Override
  public void recall(ByteBuf out, String requestId, RecallQuery query) {
    write(
        out,
        json -> {
          json.writeStringField("type", "recall");
          json.writeStringField("request_id", requestId);
          text(json, "memory_space_id", query.space().isEmpty() ? null : query.space());
          json.writeNumberField("max_results", query.limit());
          json.writeBooleanField("snapshot_isolation", true);
          json.writeBooleanField("include_embeddings", query.includeEmbeddings());
          json.writeObjectFieldStart("cue");
          cue(json, query);
          json.writeEndObject();
        });
  }

  private void cue(JsonGenerator json, RecallQuery query) throws IOException {
    text(json, "text", query.text().isBlank() ? null : query.text());
    if (query.embedding().dimension() > 0) {
      json.writeFieldName("embedding");
      vector(json, query.embedding().values());
    }
    if (query.minSimilarity() != 0) {
      json.writeNumberField("min_similarity", query.minSimilarity());
    }
    RecallQuery.Filter filter = query.filter();
    json.writeNumberField("min_confidence", filter.minConfidence());
    text(json, "time_start", filter.since() == null ? null : filter.since().toString());
    text(json, "time_end", filter.until() == null ? null : filter.until().toString());
    texts(json, "required_tags", filter.tags());
    texts(json, "excluded_tags", filter.excludedTags());
    texts(json, "participants", filter.people());
    text(json, "location", filter.place());
  }

  @Override
  public void close(ByteBuf out) {
    write(
        out,
        json -> {
          json.writeStringField("type", "close");
          json.writeBooleanField("drain", true);
        });
  }

  @Override
  public Reply decode(ByteBuffer frame) {
    try {
      return JsonReplies.of(JsonObject.parse(frame));
    } catch (IOException e) {
      throw JsonObject.unreadable(e);
    }
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void texts(JsonGenerator json, String name, List<String> values)
      throws IOException {
    if (values.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static void write(ByteBuf out, Body body) {
    try (JsonGenerator json = JSON.createGenerator((OutputStream) new ByteBufOutputStream(out))) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
