package dev.myelin.edge.channel;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.Form;
import dev.myelin.edge.gateway.LibraryEvents;
import dev.myelin.live.channel.ChannelEvent;

/// An event that a follower gives.
public sealed interface Told {
  /// Changes of libraries are small, and not encoded before they are told.
  int LIBRARY_EVENT = 1_024;

  long offset();

  ChannelEvent event();

  /// Its envelope, UTF-8 JSON; not to be changed.
  byte[] envelope();

  /// How much an event that waits holds, in bytes, about.
  static int size(EncodedEvent event) {
    return switch (event.message().local()) {
      case ChannelEvent said -> said.payload().length;
      case null -> event.message().body().length;
      default -> LIBRARY_EVENT;
    };
  }

  /// It happened while the follower listened: encoded once for all of them.
  record Live(EncodedEvent encoded) implements Told {
    @Override
    public long offset() {
      return encoded.offset();
    }

    @Override
    public ChannelEvent event() {
      return LibraryEvents.event(encoded.message());
    }

    @Override
    public byte[] envelope() {
      return encoded.bytes(Form.ENVELOPE);
    }
  }

  /// It was read where it is kept.
  ///
  /// @param replayed whether it had happened before the follower began
  record Kept(ChannelEvent event, boolean replayed) implements Told {
    @Override
    public long offset() {
      return event.offset();
    }

    @Override
    public byte[] envelope() {
      return Envelopes.event(event, Form.ENVELOPE, replayed);
    }
  }
}
