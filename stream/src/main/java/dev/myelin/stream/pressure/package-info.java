/// How full the journal's lanes are, in terms a client can act on.
@NullMarked
package dev.myelin.stream.pressure;

import org.jspecify.annotations.NullMarked;
