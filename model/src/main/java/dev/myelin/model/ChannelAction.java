package dev.myelin.model;

import java.util.Locale;
import java.util.Optional;

/// What a permission lets its holder do in a channel. None holds another.
public enum ChannelAction {
  /// Subscribe, see who is there, read what was said.
  READ,
  /// Say something.
  WRITE,
  /// Start an agent, and steer it.
  INVOKE,
  /// Change or remove what others said, and remove them.
  MODERATE;

  /// The action of that name in lower case.
  public static Optional<ChannelAction> parse(String word) {
    for (ChannelAction action : values()) {
      if (action.word().equals(word)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }

  /// The action that an event needs of whoever sends it: INVOKE for those of agents, else WRITE.
  public static ChannelAction ofEvent(String eventType) {
    return eventType.startsWith("agent.") ? INVOKE : WRITE;
  }

  /// How it is written: the name in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
