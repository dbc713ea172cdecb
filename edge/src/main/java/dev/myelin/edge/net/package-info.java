/// Connections before they speak a protocol: how many, for how long they may say nothing, and which
/// certificate they are shown.
@NullMarked
package dev.myelin.edge.net;

import org.jspecify.annotations.NullMarked;
