package dev.myelin.live.presence;

/// Who is there.
///
/// @param id of the user: all his devices are one member
/// @param name for people
public record Member(String id, String name) {}
