/// Connections before they speak a protocol: how many, and for how long they may say nothing.
@NullMarked
package dev.myelin.edge.net;

import org.jspecify.annotations.NullMarked;
