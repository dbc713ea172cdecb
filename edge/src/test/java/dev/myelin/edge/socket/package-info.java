@NullMarked
package dev.myelin.edge.socket;

import org.jspecify.annotations.NullMarked;
