package dev.myelin.client;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Recollection;
import dev.myelin.client.wire.Reply;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The recalls of a stream: those to be sent, and those whose answer is due. Replies come in the
/// order of the requests. The stream's loop.
final class Asks {
  private final ArrayDeque<Ask> waiting = new ArrayDeque<>();
  private final ArrayDeque<Ask> sent = new ArrayDeque<>();

  void add(Ask ask) {
    waiting.addLast(ask);
  }

  /// The next recall to send, or null.
  @Nullable Ask peek() {
    return waiting.peekFirst();
  }

  /// Takes the recall of [#peek()] as sent.
  Ask take() {
    Ask ask = waiting.removeFirst();
    sent.addLast(ask);
    return ask;
  }

  /// Takes in a part of an answer.
  ///
  /// @return whether it was the last part
  boolean found(Reply.Found reply) {
    Ask ask = sent.peekFirst();
    if (ask == null || !ask.requestId.equals(reply.requestId())) {
      return false;
    }
    ask.found.addAll(reply.memories());
    if (reply.more()) {
      return false;
    }
    sent.removeFirst();
    ask.complete(
        new Recollection(ask.found, reply.snapshotSequence(), reply.considered(), reply.took()));
    return true;
  }

  /// Fails a recall that was sent.
  ///
  /// @param request which one; empty for the oldest, because replies come in the order of requests
  /// @return whether there was such a one
  boolean fail(String request, MyelinException reason) {
    for (Ask ask : sent) {
      if (request.isEmpty() || ask.requestId.equals(request)) {
        sent.remove(ask);
        ask.completeExceptionally(reason);
        return true;
      }
    }
    return false;
  }

  /// The connection is gone: what has no answer is to be sent again, first and in order.
  void disconnected() {
    while (!sent.isEmpty()) {
      Ask ask = sent.removeLast();
      ask.found.clear();
      waiting.addFirst(ask);
    }
  }

  /// Whether every recall was sent.
  boolean allSent() {
    return waiting.isEmpty();
  }

  boolean isEmpty() {
    return waiting.isEmpty() && sent.isEmpty();
  }

  void failAll(MyelinException reason) {
    sent.addAll(waiting);
    waiting.clear();
    sent.forEach(ask -> ask.completeExceptionally(reason));
    sent.clear();
  }
}
