package dev.myelin.bench.load;

/// The other side did not do what its protocol says; the text is for the person who measures.
public final class LoadFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LoadFailure(String text) {
    super(text);
  }

  public LoadFailure(String text, Throwable cause) {
    super(text, cause);
  }

  /// What happened, in a sentence.
  public String text() {
    return String.valueOf(getMessage());
  }
}
