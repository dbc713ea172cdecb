/// Jobs as callers ask for them and see them.
@NullMarked
package dev.myelin.library.job.model;

import org.jspecify.annotations.NullMarked;
