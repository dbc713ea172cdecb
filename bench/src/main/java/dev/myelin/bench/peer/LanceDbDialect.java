package dev.myelin.bench.peer;

import dev.myelin.bench.load.Dialect;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Opened;
import dev.myelin.bench.load.Session;
import dev.myelin.bench.load.Verdicts;
import dev.myelin.bench.load.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The frames of `lancedb.cjs`: observations go there, and how many more are stored comes back.
final class LanceDbDialect implements Dialect {
  private final Session session;

  LanceDbDialect(Session session) {
    this.session = session;
  }

  @Override
  public Opened open(Wire wire) {
    return Opened.NEW; // nothing to greet
  }

  @Override
  public boolean put(long sequence, ByteBuffer out) {
    Observations observations = session.observations();
    byte[] id = ascii(observations.id(session.connection(), sequence));
    byte[] text = ascii(observations.text(session.connection(), sequence));
    int length =
        2 * Integer.BYTES + id.length + text.length + observations.dimension() * Float.BYTES;
    if (out.remaining() < Integer.BYTES + length) {
      return false;
    }
    out.order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(length).putInt(id.length).put(id).putInt(text.length).put(text);
    observations.binary(session.connection(), sequence, out);
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void take(ByteBuffer in, Verdicts verdicts) {
    long now = System.nanoTime();
    in.order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= Integer.BYTES) {
      for (int stored = in.getInt(); stored > 0; stored--) {
        verdicts.accepted(verdicts.settled() + 1, now);
      }
    }
  }
}
