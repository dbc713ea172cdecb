package dev.myelin.bench.start;

import dev.myelin.bench.load.Delivery;
import dev.myelin.bench.load.Dialect;
import dev.myelin.bench.load.LoadFailure;
import dev.myelin.bench.load.Observations;
import dev.myelin.bench.load.Session;
import dev.myelin.bench.load.Target;
import dev.myelin.bench.load.Transport;
import dev.myelin.bench.load.Wire;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Streams exactly so many memories into a space; what an overloaded server rejects is replaced by
/// others.
record Filling(Target target, Observations observations, String space) {
  private static final int PART = 1_000;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  /// Comes back when all are acknowledged.
  ///
  /// @return the number of an observation that is there, the first one of the last part
  long fill(int memories) throws IOException, InterruptedException {
    try (Wire wire = Wire.connect(target.address())) {
      Dialect dialect = Transport.BINARY.dialect(new Session(target, observations, 0, space));
      dialect.open(wire);
      long sent = 0;
      long missing = memories;
      long sure = 0;
      while (missing > 0) {
        long next = sent + Math.min(PART, missing);
        Delivery delivery = Delivery.start(wire, dialect, sent, next);
        long rejected = delivery.join();
        if (delivery.settled() < next) {
          throw new LoadFailure("the server closed the connection while its folder was filled");
        }
        if (rejected == 0) {
          sure = next;
        } else {
          LockSupport.parkNanos(PAUSE);
        }
        missing -= next - sent - rejected;
        sent = next;
      }
      return sure;
    }
  }
}
