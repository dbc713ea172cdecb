package dev.myelin.client.http;

import dev.myelin.client.wire.JsonObject;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// What the server answered, whole.
public record Answer(int status, HttpHeaders headers, ByteBuffer body) {

  /// Its JSON object.
  ///
  /// @throws dev.myelin.client.model.MyelinException PROTOCOL if it is none
  public JsonObject json() {
    try {
      return JsonObject.parse(body);
    } catch (IOException e) {
      throw JsonObject.unreadable(e);
    }
  }

  /// Its array of JSON objects.
  ///
  /// @throws dev.myelin.client.model.MyelinException PROTOCOL if it is none
  public List<JsonObject> array() {
    try {
      return JsonObject.parseArray(body);
    } catch (IOException e) {
      throw JsonObject.unreadable(e);
    }
  }

  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }
}
