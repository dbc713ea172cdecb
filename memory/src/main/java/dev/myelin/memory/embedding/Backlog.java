package dev.myelin.memory.embedding;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/// The texts to embed next: new ones as they are told, while there is room and nothing was missed,
/// else those that the journal says are waiting.
///
/// It begins with the journal, goes there when more texts came than it keeps, and looks once in a
/// while when nothing happens. One thread takes; what it took must wait no more in the journal
/// before it takes again.
final class Backlog {
  private static final int MAX_TEXTS = 1_024;
  private static final int MAX_CHARACTERS = 2_000_000;
  private static final int BATCHES_A_SCAN = 8;

  private final int batchSize;
  private final Duration look;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by `lock`.
  private final ArrayDeque<WaitingText> queue = new ArrayDeque<>();
  private long characters;

  /// Whether the queue is filled from the journal.
  private boolean scanning = true;

  /// Whether a text came while scanning, which the scan may not have seen.
  private boolean missed;

  /// @param look how long to be idle before a look into the journal
  Backlog(int batchSize, Duration look) {
    this.batchSize = batchSize;
    this.look = look;
  }

  /// Takes note of a new text. Never blocks for long.
  void add(WaitingText text) {
    lock.lock();
    try {
      if (!scanning && !isFull()) {
        push(text);
      } else {
        scanning = true;
        missed = true;
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return queue.size() >= MAX_TEXTS || characters >= MAX_CHARACTERS;
  }

  private void push(WaitingText text) {
    queue.add(text);
    characters += text.text().length();
  }

  /// The next batch; waits until there is one.
  ///
  /// @param journal gives at most so many texts that wait
  List<WaitingText> take(IntFunction<List<WaitingText>> journal) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty()) {
        if (scanning) {
          scan(journal);
        } else if (!changed.await(look.toMillis(), TimeUnit.MILLISECONDS)) {
          scanning = true;
        }
      }
      return drain();
    } finally {
      lock.unlock();
    }
  }

  /// Fills the queue from the journal, outside the lock; what is told meanwhile is missed.
  private void scan(IntFunction<List<WaitingText>> journal) {
    missed = false;
    List<WaitingText> waiting;
    lock.unlock();
    try {
      waiting = journal.apply(BATCHES_A_SCAN * batchSize);
    } finally {
      lock.lock();
    }
    waiting.forEach(this::push);
    scanning = missed || !waiting.isEmpty();
  }

  private List<WaitingText> drain() {
    List<WaitingText> batch = new ArrayList<>(Math.min(batchSize, queue.size()));
    while (batch.size() < batchSize && !queue.isEmpty()) {
      WaitingText text = queue.remove();
      characters -= text.text().length();
      batch.add(text);
    }
    return batch;
  }
}
