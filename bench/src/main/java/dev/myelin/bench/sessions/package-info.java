/// What an idle session costs a server.
@NullMarked
package dev.myelin.bench.sessions;

import org.jspecify.annotations.NullMarked;
