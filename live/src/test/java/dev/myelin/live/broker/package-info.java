@NullMarked
package dev.myelin.live.broker;

import org.jspecify.annotations.NullMarked;
