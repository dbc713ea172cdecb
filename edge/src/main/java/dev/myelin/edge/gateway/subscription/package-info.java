/// One channel that a connection hears: how it begins, and how nothing is left out.
@NullMarked
package dev.myelin.edge.gateway.subscription;

import org.jspecify.annotations.NullMarked;
