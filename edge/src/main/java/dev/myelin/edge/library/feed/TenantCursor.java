package dev.myelin.edge.library.feed;

import dev.myelin.edge.rest.RestException;
import dev.myelin.library.event.LibraryEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// A place among the events of all libraries of a tenant: the commit time of the last one that was
/// told, and the offsets of those that were told of that very time. Events of all libraries are
/// committed in one order, so this names one place.
///
/// Its text is `SECONDS.NANOS` and `,LIBRARY:OFFSET` for each; `0` is the beginning.
record TenantCursor(Instant at, Map<String, Long> offsets) {
  static final TenantCursor BEGINNING = new TenantCursor(Instant.EPOCH, Map.of());
  private static final int MAX_LENGTH = 8_192;

  TenantCursor {
    offsets = Map.copyOf(offsets);
  }

  /// @throws RestException 422 if it is no such text
  static TenantCursor parse(String text) {
    if (text.equals("0")) {
      return BEGINNING;
    }
    try {
      String[] parts = text.split(",", -1);
      String[] time = parts[0].split("\\.", 2);
      Instant at = Instant.ofEpochSecond(Long.parseLong(time[0]), Long.parseLong(time[1]));
      Map<String, Long> offsets = new LinkedHashMap<>();
      for (int i = 1; i < parts.length; i++) {
        int colon = parts[i].indexOf(':');
        offsets.put(parts[i].substring(0, colon), Long.parseLong(parts[i].substring(colon + 1)));
      }
      if (text.length() <= MAX_LENGTH) {
        return new TenantCursor(at, offsets);
      }
    } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeException _) {
      // Said below.
    }
    throw RestException.invalid(
        "Last-Event-ID",
        "is no place among the events of all libraries (expected: an event's id).");
  }

  /// The place after one more event.
  TenantCursor after(LibraryEvent event) {
    Map<String, Long> all =
        event.at().equals(at) ? new LinkedHashMap<>(offsets) : new LinkedHashMap<>();
    all.put(event.library().name(), event.offset());
    return new TenantCursor(event.at(), all);
  }

  /// Whether the event comes after this place.
  boolean isBefore(LibraryEvent event) {
    int order = event.at().compareTo(at);
    return order > 0
        || (order == 0 && event.offset() > offsets.getOrDefault(event.library().name(), 0L));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(at.getEpochSecond()).append('.').append(at.getNano());
    offsets.forEach(
        (library, offset) -> text.append(',').append(library).append(':').append(offset));
    return text.toString();
  }
}
