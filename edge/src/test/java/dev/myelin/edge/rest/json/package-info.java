@NullMarked
package dev.myelin.edge.rest.json;

import org.jspecify.annotations.NullMarked;
