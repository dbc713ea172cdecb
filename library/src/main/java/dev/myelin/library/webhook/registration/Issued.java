package dev.myelin.library.webhook.registration;

/// A webhook with its secret, which is shown this once.
public record Issued(Webhook webhook, String secret) {
  @Override
  public String toString() {
    return "Issued[" + webhook.id() + "]";
  }
}
