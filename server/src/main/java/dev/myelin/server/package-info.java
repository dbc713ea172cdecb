/// Main, the command line, configuration and wiring: the only room that knows all others.
@NullMarked
package dev.myelin.server;

import org.jspecify.annotations.NullMarked;
