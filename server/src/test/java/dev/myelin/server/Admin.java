package dev.myelin.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// Who administers a server over `/v1/admin`, with one key or none.
record Admin(int port, String key) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A tenant and the key that was made with it.
  record Tenant(String id, String key) {}

  /// A key and its id.
  record Key(String id, String secret) {}

  Admin with(String other) {
    return new Admin(port, other);
  }

  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(TestServer.PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  int status(String method, String path) throws IOException, InterruptedException {
    return send(method, path, "").statusCode();
  }

  JsonNode json(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, body);
    if (answer.statusCode() >= 300) {
      throw new AssertionError(method + " " + path + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  Tenant tenant(String name) throws IOException, InterruptedException {
    JsonNode made = json("POST", "/v1/admin/tenants", "{\"name\":\"" + name + "\"}");
    return new Tenant(made.get("tenant_id").asText(), made.get("api_key").asText());
  }

  Key key(String... scopes) throws IOException, InterruptedException {
    JsonNode made =
        json(
            "POST",
            "/v1/admin/keys",
            "{\"name\":\"a key\",\"scopes\":[\"" + String.join("\",\"", scopes) + "\"]}");
    return new Key(made.get("key_id").asText(), made.get("api_key").asText());
  }
}
