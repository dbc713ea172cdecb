/// The Java client of a Myelin server.
@NullMarked
package dev.myelin.client;

import org.jspecify.annotations.NullMarked;
