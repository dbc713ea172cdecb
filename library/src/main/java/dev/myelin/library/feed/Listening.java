package dev.myelin.library.feed;

import dev.myelin.library.event.ChunkEvents;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.live.broker.Message;
import dev.myelin.live.broker.Receiver;
import dev.myelin.live.broker.Subscription;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A listener to one library, until the library ends or the listening does. Hears on the broker's
/// thread; its lock guards how it ends.
final class Listening implements Receiver, Subscription {
  private final FeedListener listener;
  private final Set<String> types;
  private final long after;
  private final Consumer<Runnable> telling;
  private @Nullable Runnable ending;
  private boolean closed;

  /// @param after the offset up to which everything happened before it listened
  /// @param telling runs what tells the listener, and counts
  Listening(FeedListener listener, Set<String> types, long after, Consumer<Runnable> telling) {
    this.listener = listener;
    this.types = types;
    this.after = after;
    this.telling = telling;
  }

  @Override
  public void receive(Message message) {
    if (message.offset() > after && concerns(message.type())) {
      FeedMessage heard = FeedMessage.of(message);
      for (LibraryEvent event : ChunkEvents.told(heard.event(), types, after)) {
        telling.accept(() -> listener.event(event, heard.cause()));
      }
    }
    if (message.type().equals(EventType.LIBRARY_DELETED)) {
      close();
      telling.accept(listener::libraryDeleted);
    }
  }

  private boolean concerns(String type) {
    return EventType.isWanted(type, types) || ChunkEvents.precede(type, types);
  }

  @Override
  public void missed() {
    telling.accept(listener::missed);
  }

  /// Says what is to be done when it ends, once.
  void endWith(Runnable task) {
    boolean late;
    synchronized (this) {
      late = closed;
      ending = task;
    }
    if (late) {
      task.run();
    }
  }

  @Override
  public void close() {
    Runnable task;
    synchronized (this) {
      task = closed ? null : ending;
      closed = true;
    }
    if (task != null) {
      task.run();
    }
  }

  /// A listener to all libraries of a tenant, or of all.
  record Everywhere(FeedListener listener, Consumer<Runnable> telling) implements Receiver {
    @Override
    public void receive(Message message) {
      if (EventType.isWanted(message.type(), Set.of())) {
        FeedMessage told = FeedMessage.of(message);
        LibraryEvent event = told.event();
        telling.accept(() -> listener.event(event, told.cause()));
      }
    }

    @Override
    public void missed() {
      telling.accept(listener::missed);
    }
  }
}
