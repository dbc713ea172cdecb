@NullMarked
package dev.myelin.client.library;

import org.jspecify.annotations.NullMarked;
