/// What is told of a library's changes: [dev.myelin.library.event.LibraryEvent], its names, and the
/// forms in which the journal keeps it.
@NullMarked
package dev.myelin.library.event;

import org.jspecify.annotations.NullMarked;
