package dev.myelin.memory.embedding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The JSON of OpenAI's embeddings endpoint: `{model, input[]}` there, `{data: [{index,
/// embedding}]}` back.
final class EmbeddingsJson {
  private static final JsonFactory JSON = new JsonFactory();

  private EmbeddingsJson() {}

  static byte[] request(String model, List<String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("model", model);
      json.writeArrayFieldStart("input");
      for (String text : texts) {
        json.writeString(text);
      }
      json.writeEndArray();
      json.writeStringField("encoding_format", "float");
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The embeddings of an answer, in the order of the texts.
  ///
  /// @throws ServiceException INTERNAL if it is not such an answer
  static List<Embedding> read(byte[] answer, int texts) {
    @Nullable Embedding[] found = new Embedding[texts];
    try (JsonParser json = JSON.createParser(answer)) {
      expect(json.nextToken() == JsonToken.START_OBJECT, "is not a JSON object");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isData = json.currentName().equals("data");
        if (json.nextToken() == JsonToken.START_ARRAY && isData) {
          readData(json, found);
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw unreadable("is not valid JSON");
    }
    List<Embedding> embeddings = new ArrayList<>(texts);
    for (Embedding embedding : found) {
      if (embedding == null) {
        throw unreadable("has too few embeddings");
      }
      embeddings.add(embedding);
    }
    return embeddings;
  }

  private static void readData(JsonParser json, @Nullable Embedding[] found) throws IOException {
    for (int position = 0; json.nextToken() == JsonToken.START_OBJECT; position++) {
      int index = position;
      Embedding embedding = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
          index = json.getIntValue();
        } else if (field.equals("embedding") && value == JsonToken.START_ARRAY) {
          embedding = readEmbedding(json);
        } else {
          json.skipChildren();
        }
      }
      expect(embedding != null, "has an entry without an embedding");
      expect(index >= 0 && index < found.length, "has more embeddings than texts");
      found[index] = embedding;
    }
  }

  private static Embedding readEmbedding(JsonParser json) throws IOException {
    float[] values = new float[512];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(
          json.currentToken() != null && json.currentToken().isNumeric(),
          "has an embedding with something else than numbers");
      expect(count < Embedding.MAX_DIMENSION, "has an embedding of more than 4096 values");
      if (count == values.length) {
        values = Arrays.copyOf(values, count * 2);
      }
      values[count++] = json.getFloatValue();
    }
    try {
      return Embedding.of(Arrays.copyOf(values, count));
    } catch (ServiceException e) {
      throw unreadable("has an empty, zero or infinite embedding");
    }
  }

  private static void expect(boolean met, String otherwise) {
    if (!met) {
      throw unreadable(otherwise);
    }
  }

  private static ServiceException unreadable(String how) {
    return new ServiceException(
        ErrorCode.INTERNAL,
        "The embedding endpoint's answer "
            + how
            + " (expected: {\"data\": [{\"index\": 0, \"embedding\": [numbers]}]})."
            + " Check embedding.base-url.");
  }
}
