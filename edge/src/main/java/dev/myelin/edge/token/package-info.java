/// `/v1/tickets` and `/v1/tokens`: one-use tickets, and tokens that are not taken any more.
@NullMarked
package dev.myelin.edge.token;

import org.jspecify.annotations.NullMarked;
