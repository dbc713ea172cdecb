/// Tests of conditions.
@NullMarked
package dev.myelin.memory.filter;

import org.jspecify.annotations.NullMarked;
