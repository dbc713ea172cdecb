/// What is on the disk, byte by byte: records, rows, keys, the FORMAT file. A change here is a new
/// format version.
@NullMarked
package dev.myelin.journal.rocks.form;

import org.jspecify.annotations.NullMarked;
