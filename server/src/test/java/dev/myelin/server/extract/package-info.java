@NullMarked
package dev.myelin.server.extract;

import org.jspecify.annotations.NullMarked;
