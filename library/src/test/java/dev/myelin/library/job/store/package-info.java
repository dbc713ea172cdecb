@NullMarked
package dev.myelin.library.job.store;

import org.jspecify.annotations.NullMarked;
