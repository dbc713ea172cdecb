package dev.myelin.bench.stream;

import dev.myelin.bench.peer.Peer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads the name of a peer.
public final class PeerName implements ITypeConverter<Peer> {
  /// For picocli.
  public PeerName() {}

  @Override
  public Peer convert(String value) {
    try {
      return Peer.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(value + " (expected: redis or lancedb)");
    }
  }
}
