package dev.myelin.live.token;

/// A credential that does not open anything. Its text is safe to show: it says what is wrong, and
/// never holds the credential or a part of it.
public final class TokenException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What is wrong with it.
  public enum Reason {
    /// It was never right, or not for this server.
    INVALID,
    /// It has ended by itself.
    EXPIRED,
    /// It was ended: itself, its user's tokens, or its tenant.
    REVOKED,
    /// It cannot be checked now, as the issuer's keys are being fetched; try again in a second.
    UNAVAILABLE
  }

  private final Reason reason;

  public TokenException(Reason reason, String text) {
    super(text, null, false, false);
    this.reason = reason;
  }

  static TokenException invalid(String text) {
    return new TokenException(Reason.INVALID, text);
  }

  public Reason reason() {
    return reason;
  }

  /// The text for the client.
  public String text() {
    return String.valueOf(getMessage());
  }
}
