package dev.myelin.library.feed;

/// A change of a library: what it does runs on the committer thread, may run again after a failed
/// disk came back, and must be quick.
///
/// @param <T> what the caller gets once it is durable and visible
@FunctionalInterface
public interface FeedChange<T> {

  /// Makes the change.
  ///
  /// @throws dev.myelin.model.ServiceException undoes it
  T make(FeedBatch batch);
}
