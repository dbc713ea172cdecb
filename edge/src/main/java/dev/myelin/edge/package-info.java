/// The network side of the server: bytes to domain and back, one package per surface.
@NullMarked
package dev.myelin.edge;

import org.jspecify.annotations.NullMarked;
