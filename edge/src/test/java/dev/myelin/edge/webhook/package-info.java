@NullMarked
package dev.myelin.edge.webhook;

import org.jspecify.annotations.NullMarked;
