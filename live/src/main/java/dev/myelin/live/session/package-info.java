/// Sessions that outlive their connection: who comes back within two minutes goes on where he was.
///
/// The door is [Sessions].
@NullMarked
package dev.myelin.live.session;

import org.jspecify.annotations.NullMarked;
