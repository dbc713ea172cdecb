@NullMarked
package dev.myelin.client;

import org.jspecify.annotations.NullMarked;
