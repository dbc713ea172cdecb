package dev.myelin.edge.gateway.subscription;

import dev.myelin.edge.fanout.EncodedEvent;
import dev.myelin.edge.fanout.Flushable;
import dev.myelin.edge.fanout.Seat;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.live.session.Position;
import dev.myelin.live.session.PresenceDetail;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One channel that a connection hears, and how far it is in its events.
///
/// Live events are passed on as they are told, while nothing is missing. Once something is, it
/// reads the channel's log from where it is until it has all that it was told of; what the log no
/// longer has is made good by a snapshot.
///
/// Confined to the connection's event loop.
public final class Subscription extends Seat {
  private static final int PAGE = 100;

  private final Hearer hearer;
  private final ChannelId channel;
  private String epoch = "";
  private long sent;

  /// What the client said that it has; negative if it does not say.
  private long confirmed = -1;

  private long told;

  /// From when the seat was taken until the subscription is answered: nothing is passed on.
  private boolean opening = true;

  private boolean behind;
  private boolean reading;
  private boolean paused;

  /// Grows with each new beginning: what was read for an older one is dropped.
  private int era;

  private @Nullable List<String> types;
  private PresenceDetail presence = PresenceDetail.NONE;

  /// Where a client that goes on with its session was, until it is answered.
  private @Nullable Position wished;

  public Subscription(Hearer hearer, ChannelId channel) {
    this.hearer = hearer;
    this.channel = channel;
  }

  public ChannelId channel() {
    return channel;
  }

  /// Opens from where the client was.
  public void from(Position position) {
    wished = position;
  }

  /// Where the client is, as it said itself if it says so, else as far as it was told; null if it
  /// was not told of the subscription yet.
  public @Nullable Position position() {
    return opening ? wished : new Position(channel, epoch, confirmed < 0 ? sent : confirmed);
  }

  /// The client has all up to an offset.
  ///
  /// @return how many it was told and has not yet
  public long confirm(long offset) {
    confirmed = Math.clamp(offset, Math.max(0, Math.min(confirmed, sent)), sent);
    return sent - confirmed;
  }

  public boolean isOpening() {
    return opening;
  }

  /// How much it is told of who is there.
  public PresenceDetail presence() {
    return presence;
  }

  public void presence(PresenceDetail detail) {
    presence = detail;
  }

  /// The types that it hears; empty for all.
  public List<String> types() {
    return types == null ? List.of() : types;
  }

  /// Hears only events of some types; null or none for all.
  public void only(List<String> wanted) {
    types = wanted.isEmpty() ? null : List.copyOf(wanted);
  }

  /// Passes nothing on until it is opened (again).
  public void reopen() {
    era++;
    opening = true;
    behind = false;
  }

  /// It was answered: goes on with what comes after an offset.
  public void opened(String currentEpoch, long offset) {
    if (confirmed > 0 && !epoch.equals(currentEpoch)) {
      confirmed = 0; // of the log that is now
    }
    epoch = currentEpoch;
    sent = offset;
    opening = false;
    wished = null;
    if (told > sent) {
      behind = true;
      proceed();
    } else {
      told = sent;
    }
  }

  @Override
  protected void hear(EncodedEvent event) {
    if (event.isEphemeral()) {
      if (!opening && !paused && wants(event.message().type())) {
        hearer.hear(this, event);
      }
      return;
    }
    if (event.offset() <= told) {
      return;
    }
    told = event.offset();
    if (opening || paused || behind) {
      return;
    }
    if (event.message().previous() > sent) {
      behind = true;
      proceed();
    } else {
      sent = event.offset();
      if (wants(event.message().type())) {
        hearer.hear(this, event);
      }
    }
  }

  /// Has a connection flushed that wrote something because of an event.
  public void flushSoon(Flushable connection) {
    flushLater(connection);
  }

  private boolean wants(String type) {
    return types == null || types.contains(type) || type.startsWith("channel.");
  }

  @Override
  protected void missed() {
    if (!opening && !paused) {
      told = Long.MAX_VALUE; // until the log says where it ends
      behind = true;
      proceed();
    }
  }

  @Override
  protected void ended() {
    hearer.ended(this);
  }

  // ---- pausing

  public void pause() {
    paused = true;
    era++;
  }

  public boolean isPaused() {
    return paused;
  }

  /// Passes on again.
  ///
  /// @return whether something was left out, which a snapshot makes good
  public boolean resume() {
    paused = false;
    behind = false;
    return told > sent;
  }

  // ---- catching up

  /// Goes on reading what it is behind by, if it can.
  public void proceed() {
    if (!behind || reading || opening || paused || hearer.isSlow() || !isSeated()) {
      return;
    }
    reading = true;
    long from = sent;
    int asked = era;
    hearer.offLoop(() -> {
      try {
        ChannelPage page = hearer.source().read(channel, from, PAGE);
        return () -> take(page, asked);
      } catch (ServiceException e) {
        return () -> failed(e, asked);
      }
    });
  }

  private void take(ChannelPage page, int asked) {
    reading = false;
    if (asked != era || opening || paused || !isSeated()) {
      return;
    }
    if (!page.epoch().equals(epoch)) {
      hearer.lost(this);
      return;
    }
    for (ChannelEvent event : page.events()) {
      if (event.offset() > sent) {
        sent = event.offset();
        if (wants(event.type())) {
          hearer.hear(event);
        }
      }
    }
    sent = Math.max(sent, page.next());
    if (!page.more() && (told == Long.MAX_VALUE || told <= sent)) {
      told = sent;
      behind = false;
    }
    hearer.caughtUp();
    proceed();
  }

  private void failed(ServiceException e, int asked) {
    reading = false;
    if (asked == era && isSeated()) {
      if (e.code() == ErrorCode.GONE) {
        hearer.lost(this);
      } else {
        hearer.ended(this);
      }
    }
  }
}
