@NullMarked
package dev.myelin.live.connection;

import org.jspecify.annotations.NullMarked;
