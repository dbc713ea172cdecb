/// What jobs do, step by step.
@NullMarked
package dev.myelin.library.job.work;

import org.jspecify.annotations.NullMarked;
