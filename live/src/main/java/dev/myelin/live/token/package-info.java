/// Tokens that others sign: who holds one, what it permits, and how it ends before its time.
/// One-use tickets, which stand for a principal where no header can be sent.
///
/// The door is [Tokens].
@NullMarked
package dev.myelin.live.token;

import org.jspecify.annotations.NullMarked;
