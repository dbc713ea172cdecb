package dev.myelin.library.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a stored JSON object, each of the type it was written with.
public record Fields(Map<String, @Nullable Object> map) {

  public static Fields read(byte[] json) {
    return new Fields(Json.read(json));
  }

  public @Nullable String textOrNull(String name) {
    return map.get(name) instanceof String text ? text : null;
  }

  public String text(String name) {
    return map.get(name) instanceof String text ? text : "";
  }

  public long number(String name) {
    return map.get(name) instanceof Number number ? number.longValue() : 0;
  }

  public Instant time(String name) {
    return Instant.ofEpochMilli(number(name));
  }

  public List<String> texts(String name) {
    return map.get(name) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  public List<Integer> numbers(String name) {
    return map.get(name) instanceof List<?> list
        ? list.stream().map(one -> one instanceof Number number ? number.intValue() : 0).toList()
        : List.of();
  }

  @SuppressWarnings("unchecked") // all maps here were made by Json
  public Map<String, @Nullable Object> object(String name) {
    return map.get(name) instanceof Map<?, ?> object
        ? (Map<String, @Nullable Object>) object
        : Map.of();
  }
}
