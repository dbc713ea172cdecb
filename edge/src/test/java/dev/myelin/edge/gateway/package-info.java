@NullMarked
package dev.myelin.edge.gateway;

import org.jspecify.annotations.NullMarked;
