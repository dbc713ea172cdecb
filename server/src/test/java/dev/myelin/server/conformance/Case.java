package dev.myelin.server.conformance;

/// One thing that a server has to do.
///
/// @param id its group and number; the groups are those of the Autobahn test suite, 0 is the
///   handshake
record Case(String id, String name, Script script) {

  /// What is done; it fails by an [AssertionError].
  interface Script {
    Result run(Peer peer) throws Exception;
  }

  /// What is done and can only be right or wrong.
  interface Strict {
    void run(Peer peer) throws Exception;
  }

  /// How a case went, where it did not fail.
  enum Result {
    OK,
    /// Allowed, but not the best: what is wrong was noticed late.
    NON_STRICT
  }

  static Case of(String id, String name, Strict script) {
    return new Case(
        id,
        name,
        peer -> {
          script.run(peer);
          return Result.OK;
        });
  }

  @Override
  public String toString() {
    return id + " " + name;
  }
}
