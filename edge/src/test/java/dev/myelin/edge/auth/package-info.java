@NullMarked
package dev.myelin.edge.auth;

import org.jspecify.annotations.NullMarked;
