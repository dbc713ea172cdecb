package dev.myelin.edge.library.socket;

import dev.myelin.edge.rest.json.JsonText;
import org.jspecify.annotations.Nullable;

/// What a socket says besides events.
final class SocketMessages {
  private SocketMessages() {}

  static byte[] welcome(String library, String connectionId) {
    return JsonText.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "system");
      json.writeStringField("message", "Connected to library " + library);
      json.writeStringField("connection_id", connectionId);
      json.writeEndObject();
    });
  }

  static byte[] success(String requestId, JsonText.Body data) {
    return JsonText.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "response");
      json.writeStringField("request_id", requestId);
      json.writeBooleanField("success", true);
      json.writeFieldName("data");
      data.write(json);
      json.writeNullField("error");
      json.writeEndObject();
    });
  }

  static byte[] failure(String requestId, String error) {
    return JsonText.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "response");
      json.writeStringField("request_id", requestId);
      json.writeBooleanField("success", false);
      json.writeNullField("data");
      json.writeStringField("error", error);
      json.writeEndObject();
    });
  }

  /// To what is no request.
  static byte[] invalid(String details, @Nullable String requestId) {
    return error("Invalid message format", details, requestId);
  }

  static byte[] error(String error, String details, @Nullable String requestId) {
    return JsonText.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "error");
      json.writeStringField("error", error);
      json.writeStringField("details", details);
      json.writeStringField("request_id", requestId);
      json.writeEndObject();
    });
  }
}
