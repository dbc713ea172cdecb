/// Recall over spaces: what is committed is found the moment it is acknowledged.
///
/// The door is [MemoryEngine]. Inside, in packages of their own: the fresh tail, the index,
/// ranking, the embedders.
@NullMarked
package dev.myelin.memory;

import org.jspecify.annotations.NullMarked;
