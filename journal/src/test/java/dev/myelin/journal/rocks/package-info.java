/// What the embedded engine does beyond the contract: failures, damage, recovery.
@NullMarked
package dev.myelin.journal.rocks;

import org.jspecify.annotations.NullMarked;
