package dev.myelin.live.access;

/// Something new and the secret that goes with it: shown to the one who asked, and kept nowhere.
public record Issued<T>(T issued, String secret) {
  @Override
  public String toString() {
    return "Issued[" + issued + ", secret hidden]";
  }
}
