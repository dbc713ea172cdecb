@NullMarked
package dev.myelin.memory.ranking;

import org.jspecify.annotations.NullMarked;
