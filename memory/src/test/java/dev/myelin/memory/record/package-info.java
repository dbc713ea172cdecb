/// Tests of the stored forms.
@NullMarked
package dev.myelin.memory.record;

import org.jspecify.annotations.NullMarked;
