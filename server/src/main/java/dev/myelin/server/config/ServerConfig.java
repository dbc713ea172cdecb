package dev.myelin.server.config;

import dev.myelin.edge.EdgeOptions;
import dev.myelin.edge.EdgeOptions.Tls;
import dev.myelin.edge.socket.SocketOptions;
import dev.myelin.journal.rocks.JournalConfig;
import dev.myelin.library.LibraryConfig;
import dev.myelin.library.job.JobConfig;
import dev.myelin.library.webhook.WebhookConfig;
import dev.myelin.memory.MemoryConfig;
import dev.myelin.memory.embedding.EmbeddingConfig;
import dev.myelin.stream.StreamConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that can be configured.
///
/// @param data the folder with the journal and the indexes
/// @param backups the folder below which backups go, null for `backups` in the data folder
/// @param shutdownTimeout how long a shutdown may settle what was accepted
public record ServerConfig(
    Path data,
    @Nullable Path backups,
    Duration shutdownTimeout,
    EdgeOptions edge,
    StreamConfig stream,
    JournalConfig journal,
    MemoryConfig memory,
    LibraryConfig library,
    JobConfig jobs,
    WebhookConfig webhooks,
    GatewayConfig gateway,
    EmbeddingConfig embedding) {

  public static final ServerConfig DEFAULT =
      new ServerConfig(
          Path.of("myelin-data"),
          null,
          Duration.ofSeconds(30),
          EdgeOptions.DEFAULT,
          StreamConfig.DEFAULT,
          JournalConfig.DEFAULT,
          MemoryConfig.DEFAULT,
          LibraryConfig.DEFAULT,
          JobConfig.DEFAULT,
          WebhookConfig.DEFAULT,
          GatewayConfig.DEFAULT,
          EmbeddingConfig.DEFAULT);

  public ServerConfig {
    if (!shutdownTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "server.shutdown-timeout: " + shutdownTimeout + " (expected: more than 0)");
    }
  }

  /// The folder below which backups go.
  public Path backupFolder() {
    return backups == null ? data.resolve("backups") : backups;
  }

  static ServerConfig read(Values values) {
    return new ServerConfig(
        Objects.requireNonNull(values.path("server.data", DEFAULT.data)),
        values.path("backup.folder", DEFAULT.backups),
        values.duration("server.shutdown-timeout", DEFAULT.shutdownTimeout),
        edge(values, DEFAULT.edge),
        StreamSection.read(values, DEFAULT.stream),
        JournalSection.read(values, DEFAULT.journal),
        MemorySection.read(values, DEFAULT.memory),
        LibrarySection.read(values, DEFAULT.library),
        JobSection.read(values, DEFAULT.jobs),
        WebhookSection.read(values, DEFAULT.webhooks),
        GatewaySection.read(values, DEFAULT.gateway),
        EmbeddingSection.read(values, DEFAULT.embedding));
  }

  private static EdgeOptions edge(Values values, EdgeOptions otherwise) {
    return new EdgeOptions(
        values.text("server.host", otherwise.host()),
        values.integer("server.port", otherwise.port()),
        values.flag("server.insecure", otherwise.insecure()),
        values.integer("server.event-loops", otherwise.eventLoops()),
        values.integer("server.max-connections", otherwise.maxConnections()),
        values.duration("server.request-timeout", otherwise.requestTimeout()),
        values.duration("server.keep-alive", otherwise.keepAlive()),
        AuthSection.read(values, otherwise.access()),
        new Tls(
            values.path("tls.certificate", otherwise.tls().certificate()),
            values.path("tls.key", otherwise.tls().key()),
            values.duration("tls.reload-interval", otherwise.tls().reloadInterval())),
        sockets(values, otherwise.sockets()),
        HttpSection.read(values, otherwise.rest()));
  }

  private static SocketOptions sockets(Values values, SocketOptions otherwise) {
    return new SocketOptions(
        values.smallBytes("socket.max-message-bytes", otherwise.maxMessageBytes()),
        values.duration("socket.heartbeat", otherwise.heartbeat()),
        values.duration("socket.init-timeout", otherwise.initTimeout()),
        values.duration("socket.silence-timeout", otherwise.silenceTimeout()),
        values.duration("socket.write-timeout", otherwise.writeTimeout()),
        values.duration("socket.close-timeout", otherwise.closeTimeout()),
        values.smallBytes("socket.write-buffer-bytes", otherwise.writeBufferBytes()),
        values.flag("socket.compression", otherwise.compression()));
  }

  /// This configuration with another edge.
  public ServerConfig withEdge(EdgeOptions other) {
    return new ServerConfig(
        data,
        backups,
        shutdownTimeout,
        other,
        stream,
        journal,
        memory,
        library,
        jobs,
        webhooks,
        gateway,
        embedding);
  }

  /// This configuration with another folder.
  public ServerConfig withData(Path folder) {
    return new ServerConfig(
        folder,
        backups,
        shutdownTimeout,
        edge,
        stream,
        journal,
        memory,
        library,
        jobs,
        webhooks,
        gateway,
        embedding);
  }

  /// This configuration with other bounds of streams.
  public ServerConfig withStream(StreamConfig other) {
    return new ServerConfig(
        data,
        backups,
        shutdownTimeout,
        edge,
        other,
        journal,
        memory,
        library,
        jobs,
        webhooks,
        gateway,
        embedding);
  }

  /// This configuration with another source of embeddings.
  public ServerConfig withEmbedding(EmbeddingConfig other) {
    return new ServerConfig(
        data,
        backups,
        shutdownTimeout,
        edge,
        stream,
        journal,
        memory,
        library,
        jobs,
        webhooks,
        gateway,
        other);
  }

  /// This configuration with other bounds of jobs.
  public ServerConfig withJobs(JobConfig other) {
    return new ServerConfig(
        data,
        backups,
        shutdownTimeout,
        edge,
        stream,
        journal,
        memory,
        library,
        other,
        webhooks,
        gateway,
        embedding);
  }

  /// This configuration with other bounds of webhooks.
  public ServerConfig withWebhooks(WebhookConfig other) {
    return new ServerConfig(
        data,
        backups,
        shutdownTimeout,
        edge,
        stream,
        journal,
        memory,
        library,
        jobs,
        other,
        gateway,
        embedding);
  }

  /// This configuration with other bounds of live connections.
  public ServerConfig withGateway(GatewayConfig other) {
    return new ServerConfig(
        data,
        backups,
        shutdownTimeout,
        edge,
        stream,
        journal,
        memory,
        library,
        jobs,
        webhooks,
        other,
        embedding);
  }
}
