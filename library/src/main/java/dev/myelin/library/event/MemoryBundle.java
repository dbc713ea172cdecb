package dev.myelin.library.event;

import dev.myelin.library.document.PassagePairs;
import dev.myelin.model.Memory;
import dev.myelin.model.SpaceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Streamed memories on their way into one `memory.added`: `{count, memories: [{id, text, when,
/// offset}]}`. Its offset is that of the last of them.
public final class MemoryBundle {
  private static final int MAX_MEMORIES = 100;
  private static final int MAX_CHARACTERS = 256 * 1024;

  private final SpaceId library;
  private List<Object> memories = new ArrayList<>();
  private int characters;
  private long offset;
  private Instant at = Instant.EPOCH;

  public MemoryBundle(SpaceId library) {
    this.library = library;
  }

  /// Whether a memory is not a passage of a document.
  public static boolean isStreamed(Memory memory) {
    return !PassagePairs.isPassage(memory.circumstances().metadata());
  }

  public boolean isEmpty() {
    return memories.isEmpty();
  }

  public boolean isFull() {
    return memories.size() >= MAX_MEMORIES || characters >= MAX_CHARACTERS;
  }

  public void add(Memory memory) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", memory.id().value());
    json.put("text", memory.content());
    json.put("when", memory.when().toString());
    json.put("offset", memory.offset());
    memories.add(json);
    characters += memory.content().length();
    offset = memory.offset();
    at = memory.committedAt();
  }

  /// The event, and an empty bundle; null if nothing was gathered.
  public @Nullable LibraryEvent take() {
    if (memories.isEmpty()) {
      return null;
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("count", memories.size());
    data.put("memories", memories);
    String name = library + "\0" + offset + "\0" + memories.size();
    String eventId = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    memories = new ArrayList<>();
    characters = 0;
    return new LibraryEvent(library, offset, 0, eventId, EventType.MEMORY_ADDED, data, at);
  }
}
