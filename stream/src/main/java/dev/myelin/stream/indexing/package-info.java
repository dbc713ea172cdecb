/// Who waits to hear that a text has its embedding.
@NullMarked
package dev.myelin.stream.indexing;

import org.jspecify.annotations.NullMarked;
