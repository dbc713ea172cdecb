/// What all commands share: the terminal, how they print, which server they speak with.
@NullMarked
package dev.myelin.server.shell;

import org.jspecify.annotations.NullMarked;
