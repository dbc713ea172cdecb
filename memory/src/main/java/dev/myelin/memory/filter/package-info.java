/// What memories can be filtered by, and the conditions of a recall, both in the form searches
/// compare.
@NullMarked
package dev.myelin.memory.filter;

import org.jspecify.annotations.NullMarked;
