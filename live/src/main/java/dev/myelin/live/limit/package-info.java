/// How often a client may do what: token buckets per user, and a second line per connection.
///
/// The door is [RateLimits].
@NullMarked
package dev.myelin.live.limit;

import org.jspecify.annotations.NullMarked;
