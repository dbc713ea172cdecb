@NullMarked
package dev.myelin.edge.library.feed;

import org.jspecify.annotations.NullMarked;
