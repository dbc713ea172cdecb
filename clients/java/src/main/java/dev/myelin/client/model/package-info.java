/// The words of the client: observations, verdicts, queries, what comes back, and its errors.
@NullMarked
package dev.myelin.client.model;

import org.jspecify.annotations.NullMarked;
