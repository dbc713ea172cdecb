/// What goes over the wire: frames of the client in both forms, and the replies read from them.
@NullMarked
package dev.myelin.client.wire;

import org.jspecify.annotations.NullMarked;
