package dev.myelin.bench.peer;

import dev.myelin.bench.load.Dialect;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Opened;
import dev.myelin.bench.load.Session;
import dev.myelin.bench.load.Verdicts;
import dev.myelin.bench.load.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// `XADD` in Redis' own protocol (RESP), pipelined: replies come in the order of the commands.
final class RedisDialect implements Dialect {
  private static final byte[] LINE = ascii("\r\n");

  private final Session session;
  private final byte[] begin;

  RedisDialect(Session session) {
    this.session = session;
    this.begin = ascii("*9\r\n$4\r\nXADD\r\n" + bulk(session.space()) + bulk("*") + bulk("id"));
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public Opened open(Wire wire) {
    return Opened.NEW; // nothing to greet
  }

  @Override
  public boolean put(long sequence, ByteBuffer out) {
    Observations observations = session.observations();
    int vector = observations.dimension() * Float.BYTES;
    byte[] head =
        ascii(
            bulk(observations.id(session.connection(), sequence))
                + bulk("text")
                + bulk(observations.text(session.connection(), sequence))
                + bulk("vector")
                + "$"
                + vector
                + "\r\n");
    if (out.remaining() < begin.length + head.length + vector + LINE.length) {
      return false;
    }
    out.order(ByteOrder.LITTLE_ENDIAN).put(begin).put(head);
    observations.binary(session.connection(), sequence, out);
    out.put(LINE);
    return true;
  }

  /// Each reply is the id of an entry, `$LENGTH`, a line with the id; an error begins with `-`.
  @Override
  public void take(ByteBuffer in, Verdicts verdicts) {
    long now = System.nanoTime();
    while (true) {
      int end = endOfLine(in, in.position());
      if (end < 0) {
        return;
      }
      if (in.get(in.position()) != '$') {
        byte[] said = new byte[end - in.position()];
        in.get(said);
        throw new LoadFailure("Redis answered " + new String(said, StandardCharsets.UTF_8).strip());
      }
      int after = endOfLine(in, end);
      if (after < 0) {
        return;
      }
      in.position(after);
      verdicts.accepted(verdicts.settled() + 1, now);
    }
  }

  /// The place after the next line feed, -1 if none has come.
  private static int endOfLine(ByteBuffer in, int from) {
    for (int i = from; i < in.limit(); i++) {
      if (in.get(i) == '\n') {
        return i + 1;
      }
    }
    return -1;
  }
}
