@NullMarked
package dev.myelin.edge.stream;

import org.jspecify.annotations.NullMarked;
