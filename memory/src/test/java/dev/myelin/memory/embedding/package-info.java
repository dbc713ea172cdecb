@NullMarked
package dev.myelin.memory.embedding;

import org.jspecify.annotations.NullMarked;
