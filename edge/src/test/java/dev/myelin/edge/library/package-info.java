@NullMarked
package dev.myelin.edge.library;

import org.jspecify.annotations.NullMarked;
