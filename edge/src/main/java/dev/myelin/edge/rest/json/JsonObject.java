package dev.myelin.edge.rest.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of a client's JSON that knows where it stands, so that a failure names the path of the
/// value that is wrong. A member that is null counts as absent.
public final class JsonObject {
  public static final JsonObject EMPTY = new JsonObject(Map.of(), "");

  private final Map<?, ?> members;
  private final String path;

  private JsonObject(Map<?, ?> members, String path) {
    this.members = members;
    this.path = path;
  }

  static JsonObject of(Map<?, ?> members, String path) {
    return new JsonObject(members, path);
  }

  /// The path of a member.
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  public boolean has(String name) {
    return members.get(name) != null;
  }

  /// The member as it came.
  public @Nullable Object value(String name) {
    return members.get(name);
  }

  public JsonFailure invalid(String name, String text) {
    return JsonFailure.invalid(path(name), text);
  }

  /// A text that has to be there.
  public String text(String name, int min, int max) {
    String text = textOrNull(name, min, max);
    if (text == null) {
      throw invalid(
          name, "is missing (expected: a text of " + min + " to " + max + " characters).");
    }
    return text;
  }

  public @Nullable String textOrNull(String name, int min, int max) {
    Object value = members.get(name);
    return value == null ? null : requireText(value, path(name), min, max);
  }

  private static String requireText(@Nullable Object value, String path, int min, int max) {
    if (!(value instanceof String text)) {
      throw JsonFailure.invalid(path, "is " + kind(value) + " (expected: a text).");
    }
    if (text.length() < min || text.length() > max) {
      throw JsonFailure.invalid(
          path, "has " + text.length() + " characters (expected: " + min + " to " + max + ").");
    }
    return text;
  }

  /// A whole number.
  public long integer(String name, long min, long max, long otherwise) {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    boolean whole = value instanceof Integer || value instanceof Long;
    long number = whole ? ((Number) value).longValue() : 0;
    if (!whole || number < min || number > max) {
      throw invalid(
          name,
          "is "
              + kind(value)
              + (whole ? " " + number : "")
              + " (expected: a whole number from "
              + min
              + " to "
              + max
              + ").");
    }
    return number;
  }

  /// Any number.
  public double number(String name, double min, double max, double otherwise) {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number
        && number.doubleValue() >= min
        && number.doubleValue() <= max) {
      return number.doubleValue();
    }
    throw invalid(name, "is no number from " + min + " to " + max + ". Send such a one, or none.");
  }

  public boolean flag(String name, boolean otherwise) {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw invalid(name, "is " + kind(value) + " (expected: true or false).");
  }

  /// A list of texts, or null.
  public @Nullable List<String> texts(String name, int maxItems, int min, int max) {
    List<?> items = list(name, 0, maxItems);
    if (items == null) {
      return null;
    }
    List<String> texts = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      texts.add(requireText(items.get(i), path(name) + "[" + i + "]", min, max));
    }
    return texts;
  }

  private @Nullable List<?> list(String name, int min, int max) {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> items)) {
      throw invalid(name, "is " + kind(value) + " (expected: a list).");
    }
    if (items.size() < min || items.size() > max) {
      throw invalid(name, "has " + items.size() + " items (expected: " + min + " to " + max + ").");
    }
    return items;
  }

  /// A list of objects that has to be there. What is no object is left for the caller to find: its
  /// place holds null.
  public List<@Nullable JsonObject> objects(String name, int min, int max) {
    List<?> items = list(name, min, max);
    if (items == null) {
      throw invalid(name, "is missing (expected: a list of " + min + " to " + max + " objects).");
    }
    List<@Nullable JsonObject> objects = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      objects.add(
          items.get(i) instanceof Map<?, ?> map
              ? new JsonObject(map, path(name) + "[" + i + "]")
              : null);
    }
    return objects;
  }

  /// The object at a place of a list of [#objects(String, int, int)].
  public JsonObject require(@Nullable JsonObject object, String name, int index) {
    if (object == null) {
      throw JsonFailure.invalid(path(name) + "[" + index + "]", "is no object (expected: {...}).");
    }
    return object;
  }

  /// An object that has to be there.
  public JsonObject object(String name) {
    Object value = members.get(name);
    if (value instanceof Map<?, ?> map) {
      return new JsonObject(map, path(name));
    }
    throw invalid(name, "is " + kind(value) + " (expected: an object).");
  }

  /// An object as plain data; an empty one if it is absent.
  public Map<String, @Nullable Object> mapOrEmpty(String name) {
    Map<String, @Nullable Object> map = map(name);
    return map == null ? new LinkedHashMap<String, @Nullable Object>() : map;
  }

  /// An object as plain data, or null.
  public @Nullable Map<String, @Nullable Object> map(String name) {
    if (members.get(name) == null) {
      return null;
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    object(name).members.forEach((key, value) -> copy.put(String.valueOf(key), plain(value)));
    return copy;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case float[] floats -> {
        List<Double> list = new ArrayList<>(floats.length);
        for (float number : floats) {
          list.add((double) number);
        }
        yield list;
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, member) -> copy.put(String.valueOf(key), plain(member)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        list.forEach(item -> copy.add(plain(item)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  /// An array of numbers, or null.
  public float @Nullable [] floats(String name) {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof float[] floats && floats.length > 0) {
      return floats;
    }
    throw invalid(name, "is " + kind(value) + " (expected: a list of numbers).");
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "missing";
      case String _ -> "a text";
      case Boolean _ -> "a truth value";
      case Number _ -> "a number";
      case float[] floats -> floats.length == 0 ? "an empty list" : "a list of numbers";
      case List<?> _ -> "a list";
      default -> "an object";
    };
  }
}
