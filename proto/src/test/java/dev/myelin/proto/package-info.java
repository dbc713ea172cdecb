/// Checks of the wire contracts.
@NullMarked
package dev.myelin.proto;

import org.jspecify.annotations.NullMarked;
