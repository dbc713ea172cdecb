/// The commands about libraries: library, add, search, changes.
@NullMarked
package dev.myelin.server.library;

import org.jspecify.annotations.NullMarked;
