/// Libraries: documents that can be searched by meaning and words, and a feed of every change.
///
/// A library is a memory space seen with documents; the door is
/// [dev.myelin.library.LibraryService].
@NullMarked
package dev.myelin.library;

import org.jspecify.annotations.NullMarked;
