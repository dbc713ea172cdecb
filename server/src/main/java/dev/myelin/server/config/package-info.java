/// The server's configuration: one tree of records, read from four sources, checked whole.
@NullMarked
package dev.myelin.server.config;

import org.jspecify.annotations.NullMarked;
