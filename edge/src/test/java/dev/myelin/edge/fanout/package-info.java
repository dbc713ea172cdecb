@NullMarked
package dev.myelin.edge.fanout;

import org.jspecify.annotations.NullMarked;
