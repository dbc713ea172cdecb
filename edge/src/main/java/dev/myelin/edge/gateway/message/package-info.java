/// What clients of the gateway say and how it is answered: reading, the schemas, the words.
@NullMarked
package dev.myelin.edge.gateway.message;

import org.jspecify.annotations.NullMarked;
