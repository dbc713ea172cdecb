package dev.myelin.library.document;

import dev.myelin.memory.filter.Condition;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The metadata of a passage's memory: what searches filter by, and what a result says of its
/// document.
public final class PassagePairs {
  public static final String DOCUMENT_ID = "document_id";
  public static final String DOCUMENT_TITLE = "document_title";
  public static final String INDEX = "chunk_index";
  public static final String START = "chunk_start";
  public static final String CREATED_AT = "created_at";

  /// Of one width, so that texts compare like times.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private PassagePairs() {}

  public static boolean isPassage(Map<String, String> pairs) {
    return pairs.containsKey(DOCUMENT_ID) && pairs.containsKey(INDEX);
  }

  public static String time(Instant time) {
    return TIME.format(time);
  }

  /// What all passages of a document have.
  public static Map<String, String> of(String documentId, DocumentMeta meta, Instant createdAt) {
    Map<String, String> pairs = new HashMap<>();
    meta.metadata()
        .forEach((name, value) -> {
          String text = text(value);
          if (text != null) {
            pairs.put(name, text);
          }
        });
    pairs.put(DOCUMENT_ID, documentId);
    pairs.put(DOCUMENT_TITLE, meta.title());
    pairs.put("document_type", meta.documentType());
    pairs.put(CREATED_AT, time(createdAt));
    pairs.put("tags", Condition.list(meta.tags()));
    put(pairs, "author", meta.author());
    put(pairs, "source_url", meta.sourceUrl());
    return pairs;
  }

  private static void put(Map<String, String> pairs, String name, @Nullable String value) {
    if (value == null) {
      pairs.remove(name);
    } else {
      pairs.put(name, value);
    }
  }

  /// What all passages have, and what this one has.
  public static Map<String, String> at(Map<String, String> shared, int index, int start) {
    Map<String, String> pairs = new HashMap<>(shared);
    pairs.put(INDEX, Integer.toString(index));
    pairs.put(START, Integer.toString(start));
    return pairs;
  }

  /// What conditions see of a value; null if they see nothing.
  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case List<?> list -> Condition.list(list.stream().map(String::valueOf).toList());
      case null, default -> null;
    };
  }
}
