/// Checks of the protobuf mapping.
@NullMarked
package dev.myelin.edge.wire;

import org.jspecify.annotations.NullMarked;
