@NullMarked
package dev.myelin.server.library;

import org.jspecify.annotations.NullMarked;
