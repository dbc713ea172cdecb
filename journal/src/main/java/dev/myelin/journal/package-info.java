/// The one durable truth: ordered streams of records, and the tables derived from them.
///
/// The port is [Journal]; its embedded engine is in `dev.myelin.journal.rocks`.
@NullMarked
package dev.myelin.journal;

import org.jspecify.annotations.NullMarked;
