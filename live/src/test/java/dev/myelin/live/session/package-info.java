@NullMarked
package dev.myelin.live.session;

import org.jspecify.annotations.NullMarked;
