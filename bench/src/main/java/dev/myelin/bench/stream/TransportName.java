package dev.myelin.bench.stream;

import dev.myelin.bench.load.Transport;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads the name of a transport.
public final class TransportName implements ITypeConverter<Transport> {
  /// For picocli.
  public TransportName() {}

  @Override
  public Transport convert(String value) {
    try {
      return Transport.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(value + " (expected: json, binary or grpc)");
    }
  }
}
