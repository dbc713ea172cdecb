package dev.myelin.client.http;

import dev.myelin.client.model.MyelinException;
import dev.myelin.client.transport.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// An answer that is read line by line while it comes in. One thread reads; any may close.
public final class Incoming implements AutoCloseable {
  /// Longest line that is read.
  public static final int MAX_LINE_BYTES = 64 * 1024 * 1024;

  private final ByteInbox inbox;
  private final Endpoint endpoint;
  private final Queue<ByteBuffer> arrived = new ArrayDeque<>();
  private ByteArrayOutputStream line = new ByteArrayOutputStream(512);

  Incoming(ByteInbox inbox, Endpoint endpoint) {
    this.inbox = inbox;
    this.endpoint = endpoint;
  }

  /// The next line without its end, `\n` or `\r\n`; null after the last.
  ///
  /// @param silence how long nothing may come at all
  /// @throws MyelinException UNAVAILABLE if the connection broke, TIMEOUT after the silence,
  ///   PROTOCOL if the line is too long, CLOSED if the thread was interrupted
  public @Nullable String line(Duration silence) {
    while (true) {
      ByteBuffer bytes = some(silence);
      if (bytes == null) {
        return line.size() == 0 ? null : finished();
      }
      int end = bytes.position();
      while (end < bytes.limit() && bytes.get(end) != '\n') {
        end++;
      }
      keep(bytes, end - bytes.position());
      if (bytes.hasRemaining()) {
        bytes.get(); // the line's end
        return finished();
      }
    }
  }

  private void keep(ByteBuffer bytes, int count) {
    if (line.size() + count > MAX_LINE_BYTES) {
      throw new MyelinException(
          MyelinException.PROTOCOL,
          "The server sent a line of more than " + MAX_LINE_BYTES + " bytes.",
          null);
    }
    byte[] part = new byte[count];
    bytes.get(part);
    line.writeBytes(part);
  }

  private String finished() {
    String text = line.toString(StandardCharsets.UTF_8);
    line = new ByteArrayOutputStream(512);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /// What is there to be read, and waits for it; null after the last.
  private @Nullable ByteBuffer some(Duration silence) {
    while (arrived.peek() == null || !arrived.element().hasRemaining()) {
      arrived.poll();
      if (!arrived.isEmpty()) {
        continue;
      }
      try {
        List<ByteBuffer> more = inbox.take(silence);
        if (more == null) {
          return null;
        }
        arrived.addAll(more);
      } catch (ByteInbox.SilenceException e) {
        throw Problems.late(endpoint, e);
      } catch (IOException e) {
        throw Problems.broken(endpoint, e);
      } catch (InterruptedException _) {
        throw Http.interrupted();
      }
    }
    return arrived.element();
  }

  /// Everything that is left, but only its beginning if it is longer than that.
  byte[] rest(int most, Duration silence) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer bytes = some(silence);
    while (bytes != null && all.size() < most) {
      byte[] part = new byte[Math.min(bytes.remaining(), most - all.size())];
      bytes.get(part);
      all.writeBytes(part);
      bytes = some(silence);
    }
    return all.toByteArray();
  }

  /// Writes everything that is left to a stream.
  ///
  /// @return how many bytes that were
  /// @throws IOException if the stream does not take them
  public long transferTo(OutputStream out, Duration silence) throws IOException {
    long count = 0;
    for (ByteBuffer bytes = some(silence); bytes != null; bytes = some(silence)) {
      byte[] part = new byte[bytes.remaining()];
      bytes.get(part);
      out.write(part);
      count += part.length;
    }
    return count;
  }

  /// Breaks the answer off, and wakes who waits for more of it. Any thread.
  @Override
  public void close() {
    inbox.close();
  }
}
