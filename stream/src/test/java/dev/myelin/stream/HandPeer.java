package dev.myelin.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A transport of one connection, driven by hand: keeps what was written until it was flushed.
final class HandPeer implements Peer {
  final ArrayDeque<ServerMessage> received = new ArrayDeque<>();
  private final HandLoop loop;
  private final List<ServerMessage> unflushed = new ArrayList<>();
  boolean reading = true;
  boolean gone;
  int room = Integer.MAX_VALUE;
  int flushes;
  int stops;
  @Nullable Ending ending;

  HandPeer(HandLoop loop) {
    this.loop = loop;
  }

  @Override
  public void execute(Runnable task) {
    if (!gone) {
      loop.execute(() -> {
        if (!gone) {
          task.run();
        }
      });
    }
  }

  @Override
  public void write(ServerMessage message) {
    if (ending != null) {
      throw new AssertionError("written after the end: " + message);
    }
    unflushed.add(message);
    room--;
  }

  @Override
  public void flush() {
    flushes++;
    received.addAll(unflushed);
    unflushed.clear();
  }

  @Override
  public boolean isFull() {
    return room <= 0;
  }

  @Override
  public void read(boolean wanted) {
    reading = wanted;
    stops += wanted ? 0 : 1;
  }

  @Override
  public void end(Ending why) {
    if (ending != null) {
      throw new AssertionError("ended twice: " + ending + ", " + why);
    }
    flush();
    ending = why;
  }
}
