package dev.myelin.live.limit;

/// Whose tokens are taken: all devices of a user share theirs.
///
/// @param who the user; where nobody is known, the client id or the address
public record RateKey(String tenant, String who) {}
