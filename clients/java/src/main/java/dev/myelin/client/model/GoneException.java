package dev.myelin.client.model;

/// A cursor into a change feed that is older than what the server keeps (status 410): what lies
/// between is lost to this reader, which has to read the documents anew.
public final class GoneException extends ProblemException {
  private static final long serialVersionUID = 1L;

  private final long oldestOffset;

  public GoneException(String code, String text, Said said, long oldestOffset) {
    super(code, text, null, said);
    this.oldestOffset = oldestOffset;
  }

  /// The oldest offset from which changes can still be read.
  public long oldestOffset() {
    return oldestOffset;
  }
}
