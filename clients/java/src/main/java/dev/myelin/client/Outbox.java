package dev.myelin.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a stream has to send, and what it has sent and waits for.
///
/// Numbers are given when an observation is written, so they are dense on every connection: after a
/// resume the server's last settled number says what need not be sent again, and the rest gets the
/// numbers it had. In a new session everything gets new ones. One thread.
final class Outbox {
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private final ArrayDeque<Pending> sent = new ArrayDeque<>();
  private long lastTicket;
  private long lastSequence;
  private long settled;

  /// Takes a new observation to the end of the queue.
  void add(Pending pending) {
    pending.ticket = ++lastTicket;
    waiting.addLast(pending);
  }

  /// The next observation to send, or null.
  @Nullable Pending peek() {
    return waiting.peekFirst();
  }

  /// The number that the next observation gets.
  long nextSequence() {
    return lastSequence + 1;
  }

  /// The observation of [#peek()] was written under the next number.
  void wrote() {
    Pending pending = waiting.removeFirst();
    pending.sequence = ++lastSequence;
    sent.addLast(pending);
  }

  /// Takes the observation of [#peek()] out: it cannot be sent.
  Pending giveUp() {
    return waiting.removeFirst();
  }

  /// A verdict on a number came: its observation, or null if that is not the number it waits for.
  @Nullable Pending settle(long sequence) {
    Pending first = sent.peekFirst();
    if (first == null || first.sequence != sequence) {
      return null;
    }
    settled = sequence;
    return sent.removeFirst();
  }

  /// Sends an observation once more, after all others, under a new number.
  void again(Pending pending) {
    pending.sequence = 0;
    pending.refusals++;
    waiting.addLast(pending);
  }

  /// The connection is gone: what has no verdict is to be sent again, first and in order.
  void disconnected() {
    while (!sent.isEmpty()) {
      waiting.addFirst(sent.removeLast());
    }
  }

  /// A session is open.
  ///
  /// @param resumed whether it is the one that numbers were given in
  /// @param floor the last number that the server has settled
  /// @return what the server settled without its verdict having come through, in order
  List<Pending> opened(boolean resumed, long floor) {
    List<Pending> known = new ArrayList<>();
    Iterator<Pending> all = waiting.iterator();
    while (all.hasNext()) {
      Pending pending = all.next();
      if (resumed && pending.sequence > 0 && pending.sequence <= floor) {
        all.remove();
        known.add(pending);
      } else {
        pending.sequence = 0;
      }
    }
    lastSequence = floor;
    settled = floor;
    return known;
  }

  /// Whether every observation up to that ticket was written.
  boolean hasWritten(long ticket) {
    Pending next = waiting.peekFirst();
    return next == null || next.ticket > ticket;
  }

  long lastTicket() {
    return lastTicket;
  }

  /// The last number with a verdict.
  long settled() {
    return settled;
  }

  int inFlight() {
    return sent.size();
  }

  boolean isEmpty() {
    return waiting.isEmpty() && sent.isEmpty();
  }

  /// Takes everything out.
  List<Pending> clear() {
    List<Pending> all = new ArrayList<>(sent);
    all.addAll(waiting);
    sent.clear();
    waiting.clear();
    return all;
  }
}
