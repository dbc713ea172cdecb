/// JSON as clients send it: read strictly, and told apart by the path of the value that is wrong.
@NullMarked
package dev.myelin.edge.rest.json;

import org.jspecify.annotations.NullMarked;
