/// What is kept of a session in the journal: how far it is settled, and the verdict on each number.
@NullMarked
package dev.myelin.stream.ledger;

import org.jspecify.annotations.NullMarked;
