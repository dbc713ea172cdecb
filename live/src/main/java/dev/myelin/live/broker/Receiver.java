package dev.myelin.live.broker;

/// Hears of messages, on a thread of the broker: must be quick and must not throw. If it throws all
/// the same, nobody else is harmed.
public interface Receiver {

  void receive(Message message);

  /// Something was left out, on one or more of the channels it listens to: compare offsets, and
  /// read what is missing where it is kept. Messages that only pass by are not kept, and leaving
  /// them out is not told.
  void missed();
}
