/// The commands that speak with a server: observe, recall, tail, spaces, forget.
@NullMarked
package dev.myelin.server.command;

import org.jspecify.annotations.NullMarked;
