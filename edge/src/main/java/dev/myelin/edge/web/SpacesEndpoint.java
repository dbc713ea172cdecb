package dev.myelin.edge.web;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.memory.MemoryEngine;
import dev.myelin.memory.SpaceInfo;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `GET /v1/spaces` and `GET /v1/spaces/{name}`: what memory there is.
public final class SpacesEndpoint {
  private static final String PATH = "/v1/spaces";

  private final Executor blocking;
  private final MemoryEngine memories;

  /// @param blocking runs what may block
  public SpacesEndpoint(Executor blocking, MemoryEngine memories) {
    this.blocking = blocking;
    this.memories = memories;
  }

  /// Whether a path is this endpoint's.
  public static boolean matches(String path) {
    return path.equals(PATH) || path.startsWith(PATH + "/");
  }

  /// Answers a request for one of its paths.
  public void handle(HttpServerRequest request, String path, Principal principal) {
    HttpServerResponse response = request.response();
    if (path.length() <= PATH.length() + 1) {
      answer(response, () -> readable(principal), SpacesEndpoint::list);
    } else {
      String name = path.substring(PATH.length() + 1);
      answer(response, () -> find(principal, name), SpacesEndpoint::space);
    }
  }

  private List<SpaceInfo> readable(Principal principal) {
    return memories.spaces(principal.tenant()).stream()
        .filter(space -> principal.may(Scope.READ, space.id()))
        .toList();
  }

  private SpaceInfo find(Principal principal, String name) {
    SpaceId id = principal.require(Scope.READ, principal.space(name));
    return memories
        .space(id)
        .orElseThrow(() ->
            new ServiceException(
                ErrorCode.NOT_FOUND,
                "There is no space " + id + ". Observe something into it and it is there."));
  }

  /// Writes a value as JSON.
  private interface Form<T> {
    void write(JsonGenerator json, T value) throws IOException;
  }

  private <T> void answer(HttpServerResponse response, Supplier<T> question, Form<T> form) {
    blocking.execute(() -> {
      try {
        T value = question.get();
        Answers.send(response, 200, json -> form.write(json, value));
      } catch (RuntimeException e) {
        Answers.fail(response, e);
      }
    });
  }

  private static void list(JsonGenerator json, List<SpaceInfo> spaces) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("spaces");
    for (SpaceInfo space : spaces) {
      space(json, space);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void space(JsonGenerator json, SpaceInfo space) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", space.id().name());
    json.writeStringField("created_at", space.createdAt().toString());
    json.writeNumberField("dimension", space.dimension());
    json.writeNumberField("memories", space.memories());
    json.writeStringField("epoch", space.epoch());
    json.writeNumberField("last_offset", space.lastOffset());
    time(json, "oldest", space.oldest());
    time(json, "newest", space.newest());
    json.writeNumberField("index_lag", space.indexLag());
    json.writeNumberField("embedding_lag", space.embeddingLag());
    json.writeEndObject();
  }

  private static void time(JsonGenerator json, String name, @Nullable Instant time)
      throws IOException {
    if (time == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, time.toString());
    }
  }
}
