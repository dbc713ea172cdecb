/// The words of the house: ids, memories, error codes. Values only, no I/O, no dependencies.
@NullMarked
package dev.myelin.model;

import org.jspecify.annotations.NullMarked;
