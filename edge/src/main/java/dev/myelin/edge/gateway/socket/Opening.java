package dev.myelin.edge.gateway.socket;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.Form;
import dev.myelin.live.channel.ChannelEnd;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.channel.ChannelSource;
import dev.myelin.live.session.PresenceDetail;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A channel as a subscription begins: where its log stands, and what makes the client's state
/// whole: what it missed, or a snapshot, never a part of either.
///
/// @param offset the top of the log at the moment of the snapshot, or the last event of the replay
/// @param wasRecovering whether the client said where it was
/// @param recovered whether that, and the replay, leave no hole
/// @param replay events that follow
/// @param latest some of the newest events, for the snapshot
record Opening(
    ChannelId channel,
    String epoch,
    long offset,
    boolean wasRecovering,
    boolean recovered,
    List<ChannelEvent> replay,
    List<ChannelEvent> latest) {
  private static final int LATEST = 20;

  /// What a client wants of a channel.
  ///
  /// @param epoch of the offset; null if it does not say
  /// @param offset up to which it has everything; null for here and now
  /// @param rewind how many of the newest events it wants anyway
  /// @param types of events it wants; empty for all
  /// @param presence how much it wants to know of who is there
  record Wish(
      ChannelId channel,
      @Nullable String epoch,
      @Nullable Long offset,
      int rewind,
      List<String> types,
      PresenceDetail presence) {

    /// The same from where a client says that it is.
    Wish at(Payload position) {
      Long said = position.number("offset");
      String of = position.text("epoch");
      return new Wish(
          channel, of == null ? epoch : of, said == null ? offset : said, rewind, types, presence);
    }

    static Wish from(ChannelId channel, @Nullable String epoch, @Nullable Long offset) {
      return new Wish(channel, epoch, offset, 0, List.of(), PresenceDetail.NONE);
    }
  }

  /// Reads what a subscription begins with. Blocks.
  ///
  /// @throws ServiceException if there is no such channel
  static Opening read(ChannelSource source, Wish wish, int maxReplay) {
    ChannelEnd end = source.end(wish.channel());
    Long since = wish.offset();
    if (since != null) {
      List<ChannelEvent> missed = missed(source, wish, end, maxReplay);
      if (missed != null) {
        return new Opening(
            wish.channel(), end.epoch(), top(end, missed), true, true, missed, List.of());
      }
    }
    List<ChannelEvent> rewound =
        wish.rewind() == 0 ? List.of() : newest(source, wish.channel(), end, wish.rewind());
    List<ChannelEvent> latest =
        wish.channel().type() == ChannelType.TEAM
            ? newest(source, wish.channel(), end, LATEST)
            : List.of();
    long top = Math.max(top(end, rewound), top(end, latest));
    return new Opening(wish.channel(), end.epoch(), top, since != null, false, rewound, latest);
  }

  private static long top(ChannelEnd end, List<ChannelEvent> events) {
    return events.isEmpty() ? end.offset() : Math.max(end.offset(), events.getLast().offset());
  }

  /// All that came after where the client was; null if that cannot be told whole.
  private static @Nullable List<ChannelEvent> missed(
      ChannelSource source, Wish wish, ChannelEnd end, int maxReplay) {
    long since = wish.offset() == null ? 0 : wish.offset();
    boolean same = wish.epoch() == null || wish.epoch().equals(end.epoch());
    if (!same || since < end.oldest() || since > end.offset()) {
      return null;
    }
    if (since == end.offset()) {
      return List.of();
    }
    try {
      ChannelPage page = source.read(wish.channel(), since, maxReplay + 1);
      boolean whole = page.epoch().equals(end.epoch()) && page.events().size() <= maxReplay;
      return whole ? page.events() : null;
    } catch (ServiceException e) {
      if (e.code() == ErrorCode.GONE) {
        return null; // it was let go of just now
      }
      throw e;
    }
  }

  private static List<ChannelEvent> newest(
      ChannelSource source, ChannelId channel, ChannelEnd end, int count) {
    long from = Math.max(end.oldest(), end.offset() - count);
    if (from >= end.offset()) {
      return List.of();
    }
    try {
      return source.read(channel, from, count).events();
    } catch (ServiceException e) {
      if (e.code() == ErrorCode.GONE) {
        return List.of();
      }
      throw e;
    }
  }

  String recovery() {
    return recovered ? "replay" : wasRecovering ? "snapshot" : "none";
  }

  /// Writes the payload of `channel.subscribed`.
  void write(JsonGenerator json, Principal principal, int online, boolean already)
      throws IOException {
    json.writeStartObject();
    channel(json, "channel", channel);
    json.writeStringField("epoch", epoch);
    json.writeNumberField("offset", offset);
    json.writeBooleanField("was_recovering", wasRecovering);
    json.writeBooleanField("recovered", recovered);
    json.writeStringField("recovery", recovery());
    json.writeNumberField("replay_count", replay.size());
    json.writeFieldName("current_state");
    state(json, online);
    json.writeArrayFieldStart("permissions");
    for (String permission : permissions(principal)) {
      json.writeString(permission);
    }
    json.writeEndArray();
    if (already) {
      json.writeBooleanField("already", true);
    }
    json.writeEndObject();
  }

  static void channel(JsonGenerator json, String name, ChannelId channel) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("type", channel.type().word());
    json.writeStringField("id", channel.id());
    json.writeEndObject();
  }

  private List<String> permissions(Principal principal) {
    List<String> words = new ArrayList<>();
    for (ChannelAction action : ChannelAction.values()) {
      if (principal.may(action, channel)) {
        words.add(action.word());
      }
    }
    return words;
  }

  /// What is known of the channel without those who keep its contents.
  void state(JsonGenerator json, int online) throws IOException {
    json.writeStartObject();
    if (!channel.id().isEmpty()) {
      json.writeStringField(channel.type().word() + "_id", channel.id());
    }
    if (channel.type() == ChannelType.TEAM) {
      json.writeNumberField("online_count", online);
      json.writeArrayFieldStart("last_activity");
      for (ChannelEvent event : latest) {
        if (event.type().equals("team.activity")) {
          json.writeRawValue(new String(event.payload(), StandardCharsets.UTF_8));
        }
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /// The replay, as it is told.
  List<byte[]> replayed(Form form) {
    return replay.stream().map(event -> Envelopes.event(event, form, true)).toList();
  }
}
