package dev.myelin.edge.rest;

import java.nio.charset.StandardCharsets;

/// Where a long answer is written to. One thread at a time.
public interface AnswerStream {

  /// Writes bytes and waits while the client has too much unread.
  ///
  /// @throws InterruptedException once the client is gone, or has read nothing for too long
  void write(byte[] bytes) throws InterruptedException;

  default void write(String text) throws InterruptedException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }
}
