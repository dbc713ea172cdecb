/// What makes one memory a better answer than another: terms of texts, BM25, ranked lists, their
/// fusion, activation.
@NullMarked
package dev.myelin.memory.ranking;

import org.jspecify.annotations.NullMarked;
