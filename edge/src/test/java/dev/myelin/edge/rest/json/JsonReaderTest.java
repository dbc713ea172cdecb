package dev.myelin.edge.rest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static JsonObject read(String json) {
    return JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatJsonCanSay() {
    JsonObject json =
        read("{\"a\":1,\"b\":[true,null,\"é\\ud83d\\ude00\"],\"c\":{\"d\":-2.5e3},\"e\":null}");

    assertThat(json.integer("a", 0, 9, 5)).isEqualTo(1);
    assertThat(json.integer("missing", 0, 9, 5)).isEqualTo(5);
    assertThat(json.map("c")).isEqualTo(Map.of("d", -2500.0));
    assertThat(json.has("e")).isFalse();
    assertThat((List<?>) json.value("b")).last().isEqualTo("é😀");
  }

  @Test
  void keepsEmbeddingsAsFloats() {
    assertThat(read("{\"embedding\":[1,-0.5,2e-3]}").floats("embedding"))
        .containsExactly(1f, -0.5f, 0.002f);
    assertThat(read("{\"metadata\":{\"embedding\":[1]}}").map("metadata"))
        .isEqualTo(Map.of("embedding", List.of(1.0)));
    assertThatThrownBy(() -> read("{\"embedding\":[1,\"a\"]}").floats("embedding"))
        .isInstanceOf(JsonFailure.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "null",
        "{",
        "{} {}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "{\"a\":-Infinity}",
        "{\"a\":1e999}",
        "{\"embedding\":[1e999]}",
        "{\"a\":01}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"line\nbreak\"}",
        "{\"a\":1} // comment"
      })
  void refusesWhatIsNoStrictObject(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(JsonFailure.class, e -> assertThat(e.field()).isNull());
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] latin = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] wide = "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE);
    byte[] overlong = {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'};

    assertThatThrownBy(() -> JsonReader.object(latin)).isInstanceOf(JsonFailure.class);
    assertThatThrownBy(() -> JsonReader.object(wide)).isInstanceOf(JsonFailure.class);
    assertThatThrownBy(() -> JsonReader.object(overlong)).isInstanceOf(JsonFailure.class);
  }

  @Test
  void refusesBombs() {
    String deep = "{\"a\":" + "[".repeat(50_000);
    String wide = "{\"a\":[" + "[],".repeat(1_000_001) + "[]]}";
    String digits = "{\"a\":" + "9".repeat(100_000) + "}";
    String name = "{\"" + "n".repeat(100_000) + "\":1}";

    for (String bomb : List.of(deep, wide, digits, name)) {
      assertThatThrownBy(() -> read(bomb)).isInstanceOf(JsonFailure.class);
    }
  }

  @Test
  void namesThePathOfWhatIsWrong() {
    JsonObject json = read("{\"items\":[{\"tags\":[\"a\",7]},3]}");
    JsonObject first = json.require(json.objects("items", 1, 5).getFirst(), "items", 0);

    assertThatThrownBy(() -> first.texts("tags", 5, 1, 5))
        .isInstanceOfSatisfying(
            JsonFailure.class, e -> assertThat(e.field()).isEqualTo("items[0].tags[1]"));
    assertThatThrownBy(() -> json.require(json.objects("items", 1, 5).getLast(), "items", 1))
        .isInstanceOfSatisfying(
            JsonFailure.class, e -> assertThat(e.field()).isEqualTo("items[1]"));
    assertThatThrownBy(() -> first.text("title", 1, 5))
        .isInstanceOfSatisfying(
            JsonFailure.class, e -> assertThat(e.field()).isEqualTo("items[0].title"));
  }

  @Test
  void boundsTextsAndNumbers() {
    JsonObject json = read("{\"text\":\"abc\",\"k\":101,\"half\":0.5,\"flag\":1}");

    assertThatThrownBy(() -> json.text("text", 4, 9)).isInstanceOf(JsonFailure.class);
    assertThatThrownBy(() -> json.text("text", 1, 2)).isInstanceOf(JsonFailure.class);
    assertThatThrownBy(() -> json.integer("k", 1, 100, 10)).isInstanceOf(JsonFailure.class);
    assertThatThrownBy(() -> json.integer("half", 0, 1, 0)).isInstanceOf(JsonFailure.class);
    assertThatThrownBy(() -> json.flag("flag", false)).isInstanceOf(JsonFailure.class);
    assertThat(json.number("half", 0, 2, 2)).isEqualTo(0.5);
  }
}
