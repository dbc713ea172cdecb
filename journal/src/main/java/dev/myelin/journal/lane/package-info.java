/// Where submitted transactions wait: [dev.myelin.journal.lane.Lanes], for every engine that
/// commits in groups.
@NullMarked
package dev.myelin.journal.lane;

import org.jspecify.annotations.NullMarked;
