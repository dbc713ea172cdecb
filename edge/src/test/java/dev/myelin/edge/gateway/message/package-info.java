@NullMarked
package dev.myelin.edge.gateway.message;

import org.jspecify.annotations.NullMarked;
