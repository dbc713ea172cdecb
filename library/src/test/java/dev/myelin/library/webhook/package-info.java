@NullMarked
package dev.myelin.library.webhook;

import org.jspecify.annotations.NullMarked;
