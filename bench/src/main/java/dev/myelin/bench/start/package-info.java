/// How long a server takes from its start to its first answer.
@NullMarked
package dev.myelin.bench.start;

import org.jspecify.annotations.NullMarked;
