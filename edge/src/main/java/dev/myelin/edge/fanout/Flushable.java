package dev.myelin.edge.fanout;

/// A connection that has written something. Called on its event loop.
@FunctionalInterface
public interface Flushable {
  void flush();
}
