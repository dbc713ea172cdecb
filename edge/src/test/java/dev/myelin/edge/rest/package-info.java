@NullMarked
package dev.myelin.edge.rest;

import org.jspecify.annotations.NullMarked;
