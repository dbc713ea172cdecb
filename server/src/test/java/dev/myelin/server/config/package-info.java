@NullMarked
package dev.myelin.server.config;

import org.jspecify.annotations.NullMarked;
