package dev.myelin.server.config;

/// One effective value and where it comes from.
///
/// @param value as text; a secret's is hidden
/// @param origin `default`, a file with its line, an environment variable, or the command line
public record Setting(String key, String value, String origin) {}
