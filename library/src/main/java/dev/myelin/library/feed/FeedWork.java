package dev.myelin.library.feed;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.memory.SpaceBatch;
import dev.myelin.memory.SpaceWork;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A change on its way: told to the hub first, then to who asked for it.
final class FeedWork<T> implements SpaceWork {
  private final SpaceId library;
  private final int sizeInBytes;
  private final FeedChange<T> change;
  private final Cause cause;
  private final FeedHub hub;
  private final CompletableFuture<T> done = new CompletableFuture<>();
  private List<LibraryEvent> events = List.of();
  private @Nullable T result;

  FeedWork(SpaceId library, int sizeInBytes, FeedChange<T> change, Cause cause, FeedHub hub) {
    this.library = library;
    this.sizeInBytes = sizeInBytes;
    this.change = change;
    this.cause = cause;
    this.hub = hub;
  }

  @Override
  public int sizeInBytes() {
    return sizeInBytes;
  }

  @Override
  public void run(SpaceBatch batch) {
    FeedBatch under = new FeedBatch(library, batch);
    result = change.make(under);
    events = under.finish();
  }

  @Override
  public void committed() {
    for (LibraryEvent event : events) {
      hub.publish(event, cause);
    }
    T made = result;
    if (made != null) {
      done.complete(made);
    }
  }

  @Override
  public void failed(ServiceException reason) {
    done.completeExceptionally(
        reason.code() == ErrorCode.NOT_FOUND ? ChangeFeed.unknown(library) : reason);
  }

  CompletableFuture<T> done() {
    return done;
  }
}
