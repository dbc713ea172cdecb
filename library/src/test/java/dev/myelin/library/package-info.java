@NullMarked
package dev.myelin.library;

import org.jspecify.annotations.NullMarked;
