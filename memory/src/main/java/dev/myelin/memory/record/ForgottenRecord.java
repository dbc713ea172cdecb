package dev.myelin.memory.record;

/// The payload of a [RecordKind#FORGOTTEN] record, version 1: u8 version, u8 action, i64 the
/// memory's offset, i64 the offset of the record that holds its embedding (0 if none does). No id
/// and no content, so that nothing is left of what was deleted.
///
/// @param target the offset of the memory it concerns
/// @param vectorOffset the offset of the record with its embedding, or 0
public record ForgottenRecord(Action action, long target, long vectorOffset) {
  private static final int VERSION = 1;

  /// What happened to the memory. The codes are part of the stored form.
  public enum Action {
    DELETED(0),
    SUPPRESSED(1),
    RESTORED(2);

    private final int code;

    Action(int code) {
      this.code = code;
    }

    private static Action of(int code) {
      return switch (code) {
        case 0 -> DELETED;
        case 1 -> SUPPRESSED;
        case 2 -> RESTORED;
        default -> throw ByteReader.damaged("its action is " + code + " (expected: 0 to 2)");
      };
    }
  }

  public byte[] encode() {
    return new ByteWriter(18).u8(VERSION).u8(action.code).i64(target).i64(vectorOffset).bytes();
  }

  /// Reads it back from its stored form.
  ///
  /// @throws dev.myelin.model.ServiceException STORAGE_UNUSABLE if the bytes are not such a record
  public static ForgottenRecord decode(byte[] payload) {
    ByteReader in = new ByteReader(payload);
    int version = in.u8();
    if (version != VERSION) {
      throw ByteReader.damaged("its version is " + version + " (expected: " + VERSION + ")");
    }
    ForgottenRecord record = new ForgottenRecord(Action.of(in.u8()), in.i64(), in.i64());
    in.end();
    return record;
  }
}
