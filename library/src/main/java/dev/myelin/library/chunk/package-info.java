/// Cuts a text into passages by its structure.
@NullMarked
package dev.myelin.library.chunk;

import org.jspecify.annotations.NullMarked;
