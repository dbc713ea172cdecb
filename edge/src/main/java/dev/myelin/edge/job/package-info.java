/// Jobs over HTTP: `/v1/jobs`, and what libraries have done by jobs.
@NullMarked
package dev.myelin.edge.job;

import org.jspecify.annotations.NullMarked;
