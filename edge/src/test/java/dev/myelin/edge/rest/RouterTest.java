package dev.myelin.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.rest.Router.Match;
import dev.myelin.edge.rest.Router.Nothing;
import dev.myelin.edge.rest.Router.OtherMethods;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private static final RestHandler HANDLER = _ -> RestAnswer.noContent();
  private static final Route ONE = Route.of("GET", "/v1/documents/{document_id}", HANDLER);
  private static final Route REMOVE = Route.of("DELETE", "/v1/documents/{document_id}", HANDLER);
  private static final Route BATCH = Route.of("DELETE", "/v1/documents/batch", HANDLER);

  private final Router router = new Router(List.of(ONE, REMOVE, BATCH));

  @Test
  void decodesWhatVaries() {
    assertThat(router.find("GET", "/v1/documents/a%2Fb%C3%A9"))
        .isEqualTo(new Match(ONE, Map.of("document_id", "a/bé")));
  }

  @Test
  void prefersFixedSegments() {
    assertThat(router.find("DELETE", "/v1/documents/batch")).isEqualTo(new Match(BATCH, Map.of()));
    assertThat(router.find("GET", "/v1/documents/batch"))
        .isEqualTo(new Match(ONE, Map.of("document_id", "batch")));
  }

  @Test
  void answersHeadLikeGet() {
    assertThat(router.find("HEAD", "/v1/documents/a"))
        .isEqualTo(new Match(ONE, Map.of("document_id", "a")));
  }

  @Test
  void namesTheMethodsThatThereAre() {
    assertThat(router.find("PUT", "/v1/documents/a"))
        .isEqualTo(new OtherMethods("DELETE, GET, HEAD, OPTIONS"));
    assertThat(router.allowed("/v1/documents/a")).isEqualTo("DELETE, GET, HEAD, OPTIONS");
    assertThat(router.allowed("/v1/nothing")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v1/documents/a",
        "/v1/documents",
        "/v1/documents/",
        "/v1/documents/a/",
        "/v1//documents/a",
        "/v1/documents/%",
        "/v1/documents/%4",
        "/v1/documents/%zz",
        "/v1/documents/%ff",
        "/v1/documents/%c0%af",
        "/V1/documents/a"
      })
  void findsNothingElse(String path) {
    assertThat(router.find("GET", path)).isEqualTo(new Nothing());
  }
}
