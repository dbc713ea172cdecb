package dev.myelin.live.channel;

/// What makes a command known again when it is sent a second time.
///
/// @param subject the user it came from, inside the tenant
/// @param clientId the user's client; empty if it has none
/// @param commandId chosen by the client, once per command
/// @param bodyHash of what the command says: the same id with another one is refused
@SuppressWarnings("ArrayRecordComponent") // a hash is handed on, and compared as an array
public record CommandKey(String subject, String clientId, String commandId, byte[] bodyHash) {}
