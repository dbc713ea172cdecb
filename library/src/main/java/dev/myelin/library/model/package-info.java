/// What a library is: its fields, what may be changed of them, its figures, and pages of lists.
@NullMarked
package dev.myelin.library.model;

import org.jspecify.annotations.NullMarked;
