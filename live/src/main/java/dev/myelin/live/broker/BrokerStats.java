package dev.myelin.live.broker;

/// Figures of a broker since it was opened.
///
/// @param published messages that were published, heard by somebody or not
/// @param delivered messages that receivers were told, each receiver counted
/// @param leftOut messages that did not fit in line
/// @param errors times that a receiver failed
/// @param waiting messages that are in line now
/// @param receivers subscriptions there are now
public record BrokerStats(
    long published, long delivered, long leftOut, long errors, long waiting, int receivers) {}
