@NullMarked
package dev.myelin.live.token;

import org.jspecify.annotations.NullMarked;
