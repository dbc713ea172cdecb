/// Jobs: long work on libraries that is durable once it is accepted, goes on after a restart from
/// its last checkpoint, and can be watched and cancelled.
///
/// [dev.myelin.library.job.JobService] is the way in; it queues, runs, repeats and lets go of jobs.
@NullMarked
package dev.myelin.library.job;

import org.jspecify.annotations.NullMarked;
