@NullMarked
package dev.myelin.library.job;

import org.jspecify.annotations.NullMarked;
