@NullMarked
package dev.myelin.edge.gateway.command;

import org.jspecify.annotations.NullMarked;
