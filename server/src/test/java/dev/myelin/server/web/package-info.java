/// The page and the TypeScript client against a server as a user starts it.
@NullMarked
package dev.myelin.server.web;

import org.jspecify.annotations.NullMarked;
