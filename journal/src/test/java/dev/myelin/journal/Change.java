package dev.myelin.journal;

import dev.myelin.model.ServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A transaction of a test: runs a body, remembers what it was told, and how often.
public final class Change implements Transaction {
  private final Consumer<Batch> body;
  private final int bytes;
  private final CompletableFuture<Outcome> told = new CompletableFuture<>();

  private Change(int bytes, Consumer<Batch> body) {
    this.bytes = bytes;
    this.body = body;
  }

  public static Change of(Consumer<Batch> body) {
    return new Change(64, body);
  }

  public static Change of(int bytes, Consumer<Batch> body) {
    return new Change(bytes, body);
  }

  /// Submits to the normal lane.
  public Change submitTo(Journal journal) {
    return submitTo(journal, Lane.NORMAL);
  }

  public Change submitTo(Journal journal, Lane lane) {
    journal.submit(lane, this);
    return this;
  }

  @Override
  public int sizeInBytes() {
    return bytes;
  }

  @Override
  public void run(Batch batch) {
    body.accept(batch);
  }

  @Override
  public void committed() {
    tell(new Outcome(null));
  }

  @Override
  public void failed(ServiceException reason) {
    tell(new Outcome(reason));
  }

  private void tell(Outcome outcome) {
    if (!told.complete(outcome)) {
      throw new AssertionError("a transaction was told its outcome twice");
    }
  }

  public boolean isTold() {
    return told.isDone();
  }

  /// Waits until it is committed.
  public void join() {
    ServiceException failure = outcome();
    if (failure != null) {
      throw new AssertionError("the change failed: " + failure.text(), failure);
    }
  }

  /// Waits until it failed, and returns why.
  public ServiceException failure() {
    ServiceException failure = outcome();
    if (failure == null) {
      throw new AssertionError("the change was committed (expected: a failure)");
    }
    return failure;
  }

  /// Waits for the outcome: null if it was committed, else why not.
  public @Nullable ServiceException outcome() {
    try {
      return told.get(60, TimeUnit.SECONDS).failure();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the change was never told its outcome", e);
    }
  }

  private record Outcome(@Nullable ServiceException failure) {}
}
