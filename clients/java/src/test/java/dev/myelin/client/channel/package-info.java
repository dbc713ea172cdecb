@NullMarked
package dev.myelin.client.channel;

import org.jspecify.annotations.NullMarked;
