package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.rest.json.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Commands that were carried out on connections lately, so that one that is sent twice is carried
/// out once. Of those that leave something behind the channel's log knows for longer.
///
/// Bounded: the oldest are forgotten. Any thread.
final class RecentCommands {
  private static final int MOST = 16_384;
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final InstantSource clock;

  // Guarded by this; in the order in which they came.
  private final LinkedHashMap<Key, Entry> commands = new LinkedHashMap<>();

  /// A command of a connection: what it does is done to that connection, and on another one it has
  /// to be done again.
  private record Key(String connection, String id) {}

  private record Entry(int hash, Instant at) {}

  /// What is known of a command.
  enum Verdict {
    NEW,
    /// It was carried out.
    REPEATED,
    /// Another one had that id.
    MISMATCH
  }

  RecentCommands(InstantSource clock) {
    this.clock = clock;
  }

  /// Looks a command up, and remembers it.
  synchronized Verdict look(String connection, Inbound command) {
    String id = command.id();
    if (id == null) {
      return Verdict.NEW;
    }
    Instant now = clock.instant();
    forgetBefore(now.minus(KEPT));
    Key key = new Key(connection, id);
    int hash = hash(command);
    Entry known = commands.get(key);
    if (known != null) {
      return known.hash == hash ? Verdict.REPEATED : Verdict.MISMATCH;
    }
    commands.put(key, new Entry(hash, now));
    return Verdict.NEW;
  }

  /// Forgets a command that failed: it may be tried again.
  synchronized void failed(String connection, Inbound command) {
    if (command.id() != null) {
      commands.remove(new Key(connection, command.id()));
    }
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
