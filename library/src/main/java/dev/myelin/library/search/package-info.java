/// Questions to a library and their answers.
@NullMarked
package dev.myelin.library.search;

import org.jspecify.annotations.NullMarked;
