@NullMarked
package dev.myelin.edge.channel;

import org.jspecify.annotations.NullMarked;
