package dev.myelin.live.session;

/// Figures of sessions.
///
/// @param live sessions that have a connection now
/// @param suspended sessions that wait for their owner now
/// @param begun in all
/// @param resumed in all
/// @param tookOver those of the resumed whose old connection was still there
/// @param refused in all, resumptions of what was unknown, over, or somebody else's
/// @param expired in all, sessions that nobody came back to
/// @param evicted in all, sessions that ended early because too many waited
public record SessionStats(
    int live,
    int suspended,
    long begun,
    long resumed,
    long tookOver,
    long refused,
    long expired,
    long evicted) {}
