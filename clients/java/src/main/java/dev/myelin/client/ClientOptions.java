package dev.myelin.client;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a client reaches its server. Immutable; start from [#DEFAULT].
///
/// @param apiKey sent as a bearer token; null for none
/// @param certificates PEM file of the authorities to trust; null for those of the JVM
/// @param trustAll accepts any certificate: for tests only
/// @param connectTimeout for a connection and its first answer
/// @param requestTimeout for a recall, a forget, a list of spaces
/// @param closeTimeout for the observations that are still under way when a stream closes
/// @param watchdog a connection without a sign of life for so long is given up and made anew
/// @param eventLoops threads of the client
public record ClientOptions(
    Transport transport,
    @Nullable String apiKey,
    @Nullable Path certificates,
    boolean trustAll,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration closeTimeout,
    Duration watchdog,
    RetryPolicy retry,
    int eventLoops) {

  public static final ClientOptions DEFAULT =
      new ClientOptions(
          Transport.BINARY,
          null,
          null,
          false,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          RetryPolicy.DEFAULT,
          1);

  public ClientOptions {
    if (eventLoops < 1) {
      throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: 1 or more)");
    }
  }

  @Override
  public String toString() {
    return "ClientOptions[" + transport + (apiKey == null ? "" : ", with an API key") + "]";
  }

  public ClientOptions withTransport(Transport other) {
    return new ClientOptions(
        other,
        apiKey,
        certificates,
        trustAll,
        connectTimeout,
        requestTimeout,
        closeTimeout,
        watchdog,
        retry,
        eventLoops);
  }

  public ClientOptions withApiKey(@Nullable String key) {
    return new ClientOptions(
        transport,
        key,
        certificates,
        trustAll,
        connectTimeout,
        requestTimeout,
        closeTimeout,
        watchdog,
        retry,
        eventLoops);
  }

  /// Trusts the authorities of a PEM file.
  public ClientOptions withCertificates(Path pem) {
    return new ClientOptions(
        transport,
        apiKey,
        pem,
        trustAll,
        connectTimeout,
        requestTimeout,
        closeTimeout,
        watchdog,
        retry,
        eventLoops);
  }

  /// Trusts any certificate: for tests only.
  public ClientOptions trustingAll() {
    return new ClientOptions(
        transport,
        apiKey,
        certificates,
        true,
        connectTimeout,
        requestTimeout,
        closeTimeout,
        watchdog,
        retry,
        eventLoops);
  }

  public ClientOptions withTimeouts(Duration connect, Duration request, Duration close) {
    return new ClientOptions(
        transport,
        apiKey,
        certificates,
        trustAll,
        connect,
        request,
        close,
        watchdog,
        retry,
        eventLoops);
  }

  public ClientOptions withWatchdog(Duration silence) {
    return new ClientOptions(
        transport,
        apiKey,
        certificates,
        trustAll,
        connectTimeout,
        requestTimeout,
        closeTimeout,
        silence,
        retry,
        eventLoops);
  }

  public ClientOptions withRetry(RetryPolicy policy) {
    return new ClientOptions(
        transport,
        apiKey,
        certificates,
        trustAll,
        connectTimeout,
        requestTimeout,
        closeTimeout,
        watchdog,
        policy,
        eventLoops);
  }

  public ClientOptions withEventLoops(int threads) {
    return new ClientOptions(
        transport,
        apiKey,
        certificates,
        trustAll,
        connectTimeout,
        requestTimeout,
        closeTimeout,
        watchdog,
        retry,
        threads);
  }
}
