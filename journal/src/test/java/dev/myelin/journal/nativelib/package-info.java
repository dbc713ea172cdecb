@NullMarked
package dev.myelin.journal.nativelib;

import org.jspecify.annotations.NullMarked;
