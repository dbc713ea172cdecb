/// The stored form of what happens in a space: one compact binary layout per kind of record.
@NullMarked
package dev.myelin.memory.record;

import org.jspecify.annotations.NullMarked;
