/// The Java client of libraries: documents, search, the change feed.
@NullMarked
package dev.myelin.client.library;

import org.jspecify.annotations.NullMarked;
