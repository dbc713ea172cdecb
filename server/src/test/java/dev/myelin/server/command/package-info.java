@NullMarked
package dev.myelin.server.command;

import org.jspecify.annotations.NullMarked;
