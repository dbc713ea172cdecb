/// Native libraries that come inside jars.
@NullMarked
package dev.myelin.journal.nativelib;

import org.jspecify.annotations.NullMarked;
