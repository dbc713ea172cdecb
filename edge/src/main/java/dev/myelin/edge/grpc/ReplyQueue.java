package dev.myelin.edge.grpc;

import com.google.protobuf.MessageLite;
import dev.myelin.edge.grpc.call.Call;
import dev.myelin.model.ServiceException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The answers of a call, in the order of its requests; confined to the call's event loop.
///
/// Requests begin when they come. Those that must see what earlier ones did begin when all earlier
/// ones are answered. When too many wait, or the client does not read, the call is not read either.
final class ReplyQueue {
  private final Call call;
  private final int maxWaiting;
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private boolean ending;

  ReplyQueue(Call call, int maxWaiting) {
    this.call = call;
    this.maxWaiting = maxWaiting;
  }

  private static final class Slot {
    private final Supplier<? extends CompletableFuture<? extends MessageLite>> work;
    private final Consumer<ServiceException> whenRefused;
    private @Nullable CompletableFuture<? extends MessageLite> answer;

    Slot(
        Supplier<? extends CompletableFuture<? extends MessageLite>> work,
        Consumer<ServiceException> whenRefused) {
      this.work = work;
      this.whenRefused = whenRefused;
    }
  }

  /// Takes a request that begins now.
  ///
  /// @param whenRefused told in its turn if there is no answer
  void add(
      Supplier<? extends CompletableFuture<? extends MessageLite>> work,
      Consumer<ServiceException> whenRefused) {
    Slot slot = new Slot(work, whenRefused);
    begin(slot);
    queue(slot);
  }

  /// Takes a request that begins when all earlier ones are answered.
  void addInTurn(
      Supplier<? extends CompletableFuture<? extends MessageLite>> work,
      Consumer<ServiceException> whenRefused) {
    queue(new Slot(work, whenRefused));
  }

  private void queue(Slot slot) {
    slots.add(slot);
    if (slots.size() >= maxWaiting) {
      call.read(false);
    }
    advance();
  }

  /// Ends the call when every request is answered.
  void endWhenAnswered() {
    ending = true;
    advance();
  }

  /// Writes the answers that are there and in turn.
  void advance() {
    while (!call.isOver() && !call.isFull()) {
      Slot first = slots.peek();
      if (first == null) {
        if (ending) {
          call.end();
        }
        break;
      }
      if (first.answer == null) {
        begin(first);
      }
      if (first.answer == null || !first.answer.isDone()) {
        break;
      }
      slots.remove();
      reply(first, first.answer);
    }
    call.flush();
    if (!ending && !call.isOver() && slots.size() <= maxWaiting / 2) {
      call.read(true);
    }
  }

  private void begin(Slot slot) {
    CompletableFuture<? extends MessageLite> answer;
    try {
      answer = slot.work.get();
    } catch (ServiceException refusal) {
      answer = CompletableFuture.failedFuture(refusal);
    }
    slot.answer = answer;
    if (!answer.isDone()) {
      var _ = answer.whenComplete((reply, failure) -> call.execute(this::advance));
    }
  }

  private void reply(Slot slot, CompletableFuture<? extends MessageLite> answer) {
    if (answer.isCompletedExceptionally()) {
      slot.whenRefused.accept(Replies.refusal(answer.exceptionNow()));
    } else {
      call.write(answer.resultNow());
    }
  }
}
