/// Tests of the stored forms of sessions.
@NullMarked
package dev.myelin.stream.ledger;

import org.jspecify.annotations.NullMarked;
