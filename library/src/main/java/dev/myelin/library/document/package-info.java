/// Documents and their passages, as callers give and get them.
@NullMarked
package dev.myelin.library.document;

import org.jspecify.annotations.NullMarked;
