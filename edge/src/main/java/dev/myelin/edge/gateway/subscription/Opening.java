package dev.myelin.edge.gateway.subscription;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A channel as a subscription begins: where its log stands, and what makes the client's state
/// whole: what it missed, or a snapshot, never a part of either.
///
/// @param offset the top of the log at the moment of the snapshot, or the last event of the replay
/// @param wasRecovering whether the client said where it was
/// @param recovered whether that, and the replay, leave no hole
/// @param replay events that follow
/// @param latest some of the newest events, for the snapshot
public record Opening(
    ChannelId channel,
    String epoch,
    long offset,
    boolean wasRecovering,
    boolean recovered,
    List<ChannelEvent> replay,
    List<ChannelEvent> latest) {
  private String recovery() {
    return recovered ? "replay" : wasRecovering ? "snapshot" : "none";
  }

  /// Writes the payload of `channel.subscribed`.
  public void write(JsonGenerator json, Principal principal, int online, boolean already)
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

  public static void channel(JsonGenerator json, String name, ChannelId channel)
      throws IOException {
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
  private void state(JsonGenerator json, int online) throws IOException {
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

  /// What a client that does not speak in events is told.
  public byte[] word(int online) {
    return Words.word(
        "subscribed",
        channel.name(),
        json -> {
          json.writeFieldName("initial_state");
          state(json, online);
          json.writeStringField("epoch", epoch);
          json.writeNumberField("offset", offset);
        });
  }
}
