/// How jobs and what they were given lie in the tables of the journal.
@NullMarked
package dev.myelin.library.job.store;

import org.jspecify.annotations.NullMarked;
