package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.rest.json.JsonReader;
import dev.myelin.edge.rest.json.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Commands that were carried out lately and how they were answered, so that one that is sent twice
/// is carried out once and answered twice. Of those that leave something behind the channel's log
/// knows for longer.
///
/// **Bounds.** The oldest are forgotten; of long replies only that they were given is known.
/// **Threads.** Any.
final class RecentCommands {
  private static final int MOST = 16_384;
  private static final int LONGEST_REPLY = 4_096;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final InstantSource clock;

  // Guarded by this; in the order in which they came.
  private final LinkedHashMap<Key, Entry> commands = new LinkedHashMap<>();

  /// @param scope what the command is done to: a session, which outlives its connections, or a
  ///   connection
  private record Key(String scope, String id) {}

  private static final class Entry {
    final int hash;
    final Instant at;
    boolean isAnswered;
    @Nullable String type;
    byte @Nullable [] payload;

    Entry(int hash, Instant at) {
      this.hash = hash;
      this.at = at;
    }
  }

  /// What is known of a command.
  sealed interface Known {
    /// Nothing, or that it was never answered.
    record New() implements Known {}

    /// It was carried out.
    ///
    /// @param reply as it was, and that it is repeated
    record Repeated(Envelope reply) implements Known {}

    /// Another one had that id.
    record Mismatch() implements Known {}
  }

  RecentCommands(InstantSource clock) {
    this.clock = clock;
  }

  /// Looks a command up, and remembers it.
  Known look(String scope, Inbound command) {
    String id = command.id();
    if (id == null) {
      return new Known.New();
    }
    int hash = hash(command);
    Entry known = known(new Key(scope, id), hash);
    if (known == null) {
      return new Known.New();
    }
    if (known.hash != hash) {
      return new Known.Mismatch();
    }
    return known.isAnswered ? new Known.Repeated(reply(command, known)) : new Known.New();
  }

  private synchronized @Nullable Entry known(Key key, int hash) {
    Instant now = clock.instant();
    forgetBefore(now.minus(KEPT));
    Entry known = commands.get(key);
    if (known == null) {
      commands.put(key, new Entry(hash, now));
    }
    return known;
  }

  /// Remembers how a command was answered.
  void answered(String scope, Inbound command, Envelope reply) {
    if (command.id() == null) {
      return;
    }
    byte[] payload = JsonText.write(reply.payload());
    synchronized (this) {
      Entry known = commands.get(new Key(scope, command.id()));
      if (known != null && !known.isAnswered) {
        known.isAnswered = true;
        known.type = reply.type();
        known.payload = payload.length <= LONGEST_REPLY ? payload : null;
      }
    }
  }

  /// Forgets a command that was refused: it may be tried again.
  void refused(String scope, Inbound command) {
    if (command.id() == null) {
      return;
    }
    int hash = hash(command);
    synchronized (this) {
      Key key = new Key(scope, command.id());
      Entry known = commands.get(key);
      if (known != null && known.hash == hash) { // else it was refused because of that one
        commands.remove(key);
      }
    }
  }

  private static Envelope reply(Inbound command, Entry known) {
    byte[] payload = known.payload;
    String type = known.type;
    Map<Object, @Nullable Object> members = new LinkedHashMap<>();
    if (payload != null) {
      members.putAll(Payload.of(JsonReader.any(payload, payload.length)).members());
    }
    if (payload == null || type == null || type.equals("ack")) {
      members.put("status", "duplicate");
    }
    members.put("duplicate", true);
    return new Envelope(
        payload == null || type == null ? "ack" : type,
        command.id(),
        command.correlationId(),
        null,
        json -> JsonText.value(json, members));
  }

  private void forgetBefore(Instant oldest) {
    Iterator<Map.Entry<Key, Entry>> entries = commands.entrySet().iterator();
    while (entries.hasNext()) {
      Entry entry = entries.next().getValue();
      if (commands.size() < MOST && entry.at.isAfter(oldest)) {
        return;
      }
      entries.remove();
    }
  }

  private static int hash(Inbound command) {
    byte[] body = JsonText.write(json -> JsonText.value(json, command.payload().members()));
    return 31 * Arrays.hashCode(body) + command.type().hashCode();
  }
}
