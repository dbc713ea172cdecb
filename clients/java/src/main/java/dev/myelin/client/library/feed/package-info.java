/// The change feed of a library: in pages, and live.
@NullMarked
package dev.myelin.client.library.feed;

import org.jspecify.annotations.NullMarked;
