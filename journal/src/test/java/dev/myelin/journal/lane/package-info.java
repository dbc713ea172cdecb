/// How transactions wait.
@NullMarked
package dev.myelin.journal.lane;

import org.jspecify.annotations.NullMarked;
