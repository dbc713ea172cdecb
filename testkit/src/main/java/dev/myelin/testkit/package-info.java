/// What the tests of several modules share.
@NullMarked
package dev.myelin.testkit;

import org.jspecify.annotations.NullMarked;
