package dev.myelin.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.myelin.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;

/// A client of the HTTP interface; each answer is held against the server's own document.
final class LibraryApi {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final int port;
  private final ApiContract contract;

  LibraryApi(int port) throws IOException, InterruptedException {
    this.port = port;
    HttpResponse<String> document =
        HTTP.send(
            HttpRequest.newBuilder(uri(port, "/openapi.json")).build(), BodyHandlers.ofString());
    this.contract = new ApiContract(ApiContract.parse(document.body()));
  }

  static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  ApiContract contract() {
    return contract;
  }

  /// What came back.
  record Answer(int status, JsonNode json, String text, HttpResponse<String> whole) {
    @Nullable String header(String name) {
      return whole.headers().firstValue(name).orElse(null);
    }
  }

  Answer get(String path, String... headers) throws Exception {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Answer post(String path, String body, String... headers) throws Exception {
    return send("POST", path, BodyPublishers.ofString(body), headers);
  }

  Answer patch(String path, String body, String... headers) throws Exception {
    return send("PATCH", path, BodyPublishers.ofString(body), headers);
  }

  Answer delete(String path, String... headers) throws Exception {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  Answer send(String method, String path, BodyPublisher body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(port, path)).timeout(Eventually.DEADLINE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer =
        HTTP.send(request.method(method, body).build(), BodyHandlers.ofString());
    String type = answer.headers().firstValue("content-type").orElse("");
    contract.check(method, path, answer.statusCode(), type, answer.body());
    boolean json = type.contains("json") && !type.contains("ndjson");
    return new Answer(
        answer.statusCode(),
        json ? ApiContract.parse(answer.body()) : ApiContract.JSON.missingNode(),
        answer.body(),
        answer);
  }

  /// Makes a library and gives its id.
  String library(String name) throws Exception {
    return post("/v1/libraries", "{\"name\":\"" + name + "\"}").json().get("id").asText();
  }

  /// Adds a document of one passage and gives its id.
  String document(String library, String title, String text) throws Exception {
    String body =
        ApiContract.JSON
            .createObjectNode()
            .put("title", title)
            .set("texts", ApiContract.JSON.createArrayNode().add(text))
            .toString();
    return post("/v1/libraries/" + library + "/documents", body).json().get("id").asText();
  }
}
