package dev.myelin.edge.gateway.message;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that is known to be what its schema says.
public record Payload(Map<?, ?> members) {
  public static final Payload EMPTY = new Payload(Map.of());

  public static Payload of(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? new Payload(map) : EMPTY;
  }

  public boolean has(String name) {
    return members.get(name) != null;
  }

  public @Nullable Object value(String name) {
    return members.get(name);
  }

  public @Nullable String text(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  public String text(String name, String otherwise) {
    String text = text(name);
    return text == null ? otherwise : text;
  }

  public @Nullable Long number(String name) {
    return members.get(name) instanceof Number number ? (Long) number.longValue() : null;
  }

  public int number(String name, int otherwise) {
    Long number = number(name);
    return number == null ? otherwise : Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  public boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  public List<?> list(String name) {
    return members.get(name) instanceof List<?> list ? list : List.of();
  }

  public List<String> texts(String name) {
    return list(name).stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  public Payload object(String name) {
    return of(members.get(name));
  }
}
