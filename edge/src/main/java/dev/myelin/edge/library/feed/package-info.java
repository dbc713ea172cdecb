/// The change feed over HTTP: as pages, as lines, and as server-sent events of one library or of
/// all.
@NullMarked
package dev.myelin.edge.library.feed;

import org.jspecify.annotations.NullMarked;
