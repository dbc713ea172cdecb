/// What every engine of the journal must do.
@NullMarked
package dev.myelin.journal;

import org.jspecify.annotations.NullMarked;
