/// Jobs: what a server does in the background.
@NullMarked
package dev.myelin.client.job;

import org.jspecify.annotations.NullMarked;
