/// Plain HTTP: the page at `/`, health, metrics, and the list of spaces.
@NullMarked
package dev.myelin.edge.web;

import org.jspecify.annotations.NullMarked;
