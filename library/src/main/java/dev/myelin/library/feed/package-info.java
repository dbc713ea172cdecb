/// What changed in a library, in one order, durable, without gap or repeat:
/// [dev.myelin.library.feed.ChangeFeed].
@NullMarked
package dev.myelin.library.feed;

import org.jspecify.annotations.NullMarked;
