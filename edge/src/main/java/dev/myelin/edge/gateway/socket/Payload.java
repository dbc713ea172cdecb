package dev.myelin.edge.gateway.socket;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that is known to be what its schema says.
record Payload(Map<?, ?> members) {
  static final Payload EMPTY = new Payload(Map.of());

  static Payload of(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? new Payload(map) : EMPTY;
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  @Nullable Object value(String name) {
    return members.get(name);
  }

  @Nullable String text(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  String text(String name, String otherwise) {
    String text = text(name);
    return text == null ? otherwise : text;
  }

  @Nullable Long number(String name) {
    return members.get(name) instanceof Number number ? (Long) number.longValue() : null;
  }

  int number(String name, int otherwise) {
    Long number = number(name);
    return number == null ? otherwise : Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  List<?> list(String name) {
    return members.get(name) instanceof List<?> list ? list : List.of();
  }

  List<String> texts(String name) {
    return list(name).stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  Payload object(String name) {
    return of(members.get(name));
  }
}
