@NullMarked
package dev.myelin.library.chunk;

import org.jspecify.annotations.NullMarked;
