package dev.myelin.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/// How one connection speaks: the opening, an observation in bytes, and the verdicts in what comes
/// back.
///
/// [#open] first; then [#put] by the writer, [#take] by the reader.
public interface Dialect {
  /// Greets and opens or resumes a session; comes back when observations may follow.
  Opened open(Wire wire) throws IOException;

  /// Writes one observation, framed.
  ///
  /// @return false, with nothing written, if the buffer or the other side has no room for it now
  boolean put(long sequence, ByteBuffer out);

  /// Takes all complete messages of what was read; the rest stays for the next time.
  ///
  /// @throws LoadFailure if the other side says what it may not, or ends
  void take(ByteBuffer in, Verdicts verdicts) throws IOException;
}
