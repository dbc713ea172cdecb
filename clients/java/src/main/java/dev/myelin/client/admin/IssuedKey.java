package dev.myelin.client.admin;

/// A key that was made or rotated.
///
/// @param apiKey told this once only: the server keeps no more than its hash
public record IssuedKey(ApiKey key, String apiKey) {
  @Override
  public String toString() {
    return "IssuedKey[" + key.id() + ", with the API key]";
  }
}
