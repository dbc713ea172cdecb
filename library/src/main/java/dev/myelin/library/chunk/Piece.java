package dev.myelin.library.chunk;

/// A sentence, a heading, or a part of a sentence too long to be one.
///
/// @param end where it ends, without the white space behind it
/// @param heading whether it is the title of what follows
record Piece(int start, int end, int tokens, boolean heading) {}
