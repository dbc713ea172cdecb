package dev.myelin.library.feed;

/// Ends a listening; more than once is as good as once.
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
