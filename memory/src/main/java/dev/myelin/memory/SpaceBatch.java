package dev.myelin.memory;

import dev.myelin.journal.Batch;
import dev.myelin.memory.space.Draft;
import dev.myelin.model.MemoryId;
import dev.myelin.model.ServiceException;

/// What running [SpaceWork] changes of its space. Valid only while it runs.
public interface SpaceBatch {

  /// The whole atomic write, for the caller's own tables.
  Batch tables();

  /// The space comes into being without a memory; one that is there stays as it is.
  ///
  /// @param dimension of its embeddings, 0 for that of the first one
  /// @throws ServiceException DIMENSION_MISMATCH if it is there with another dimension
  void create(int dimension);

  /// Commits an episode; one whose id the space already has replaces the older memory.
  ///
  /// @throws ServiceException DIMENSION_MISMATCH if its embedding does not fit the space
  Stored remember(Draft draft);

  /// Deletes a memory and erases its record and its embedding. For memories that never replaced
  /// another: what they replaced stays in the journal.
  ///
  /// @return whether there was one of that name
  boolean forget(MemoryId id);

  /// Appends a record that says something else of the space: recall passes it by, who reads the
  /// stream finds it.
  ///
  /// @return its offset
  long note(byte[] payload);

  /// The space goes, with all its memories, when this write is committed. Nothing else may be
  /// changed in it by the same work.
  void drop();
}
