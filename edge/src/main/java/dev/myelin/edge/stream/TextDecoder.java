package dev.myelin.edge.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.myelin.edge.stream.MessageFields.Field;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.stream.ClientMessage;
import dev.myelin.stream.ClientMessage.Malformed;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Turns a text frame into what the client says: one JSON object, fields in any order, no tree.
///
/// Everything a client can send gives a message, never an exception. One thread.
final class TextDecoder {
  static final int MAX_DEPTH = 16;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(1_000)
                  .maxNameLength(1_000)
                  .build())
          .build();

  private static final String HINT = " Send one JSON object per text frame.";

  private final FrameInput input = new FrameInput();
  private final MessageFields fields = new MessageFields();
  private final EpisodeReader episodes;
  private final CueReader cue;
  private final MessageBuilder builder;

  TextDecoder() {
    EmbeddingReader embeddings = new EmbeddingReader(input);
    episodes = new EpisodeReader(embeddings);
    cue = new CueReader(embeddings);
    builder = new MessageBuilder(fields, cue);
  }

  /// @param frame holds the message, UTF-8, in its first bytes
  /// @param space where a recall looks that names no space; its tenant is the client's
  ClientMessage decode(byte[] frame, int length, SpaceId space) {
    input.begin(frame, length);
    fields.clear();
    cue.clear();
    try (JsonParser parser = JSON.createParser(input)) {
      return decode(parser, space);
    } catch (IOException e) {
      throw new UncheckedIOException("a parser over an array failed to read", e);
    }
  }

  private ClientMessage decode(JsonParser parser, SpaceId space) throws IOException {
    Episode episode = null;
    ServiceException wrongEpisode = null;
    try {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return malformed("Invalid JSON: it is no object." + HINT);
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if ("episode".equals(name) && token != JsonToken.VALUE_NULL) {
          try {
            episode = episodes.read(parser);
          } catch (ServiceException e) {
            wrongEpisode = e;
          }
        } else {
          take(parser, name, token);
        }
      }
      if (parser.nextToken() != null) {
        return malformed("Invalid JSON: something follows the object." + HINT);
      }
    } catch (JsonProcessingException e) {
      return malformed("Invalid JSON: " + whatIsWrong(parser, e) + HINT);
    }
    return builder.build(episode, wrongEpisode, space);
  }

  private void take(JsonParser parser, String name, JsonToken token) throws IOException {
    Field field = Field.of(name);
    if (field != null) {
      fields.take(field, parser);
    } else if (token != JsonToken.VALUE_NULL) {
      if ("cue".equals(name)) {
        cue.cue(parser);
      } else if (!cue.condition(parser, name)) {
        parser.skipChildren();
      }
    }
  }

  private String whatIsWrong(JsonParser parser, JsonProcessingException e) throws IOException {
    if (e instanceof StreamConstraintsException) {
      return "it is nested deeper than " + MAX_DEPTH + " or has a name or number that is too long.";
    }
    if (input.length() == 0 || e instanceof JsonEOFException) {
      return "it ends too early, after " + input.length() + " bytes.";
    }
    if (e instanceof JsonParseException && isDuplicate(e)) {
      return "it has a field twice: \"" + parser.currentName() + "\".";
    }
    long at = input.positionOf(parser.currentLocation().getByteOffset());
    return "it makes no sense near byte " + at + " of " + input.length() + ".";
  }

  private static boolean isDuplicate(JsonProcessingException e) {
    return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate ");
  }

  static ClientMessage malformed(String text) {
    return new Malformed(new ServiceException(ErrorCode.INVALID_REQUEST, text));
  }
}
