package dev.myelin.memory.record;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;

/// What a record in a space's stream says. The codes are part of the stored form.
public enum RecordKind {
  /// A memory was committed: [MemoryRecord].
  REMEMBERED(1),
  /// A memory was deleted, suppressed or restored: [ForgottenRecord].
  FORGOTTEN(2),
  /// A memory that came without an embedding has one now: [EmbeddedRecord].
  EMBEDDED(3),
  /// Something that does not concern recall: the bytes are those of who wrote it.
  NOTED(4);

  private final byte code;

  RecordKind(int code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  /// The kind of that code.
  ///
  /// @throws ServiceException STORAGE_UNUSABLE if no kind has that code
  public static RecordKind of(byte code) {
    return switch (code) {
      case 1 -> REMEMBERED;
      case 2 -> FORGOTTEN;
      case 3 -> EMBEDDED;
      case 4 -> NOTED;
      default ->
          throw new ServiceException(
              ErrorCode.STORAGE_UNUSABLE,
              "A record of kind "
                  + code
                  + " was found (expected: 1 to 4). The data folder was written by a newer version,"
                  + " or is damaged: use that version, or restore a backup.");
    };
  }
}
