package dev.myelin.library.chunk;

/// A part of a text that is found by itself.
///
/// @param start where it begins, in UTF-16 units
/// @param text as it stands there
public record Span(int start, String text) {}
