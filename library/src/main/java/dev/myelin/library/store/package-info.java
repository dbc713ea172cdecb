/// How libraries and documents lie in the tables of the journal.
@NullMarked
package dev.myelin.library.store;

import org.jspecify.annotations.NullMarked;
