package dev.myelin.live.broker;

/// Ends a listening; more than once is as good as once. Any thread.
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
