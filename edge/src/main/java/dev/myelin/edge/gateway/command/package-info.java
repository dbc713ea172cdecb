/// What clients of the gateway may ask for, each kind with those whose matter it is.
@NullMarked
package dev.myelin.edge.gateway.command;

import org.jspecify.annotations.NullMarked;
