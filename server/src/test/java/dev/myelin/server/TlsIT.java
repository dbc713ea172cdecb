package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.ObservationStream;
import dev.myelin.client.StreamOptions;
import dev.myelin.client.Transport;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.SpaceInfo;
import dev.myelin.edge.EdgeOptions;
import dev.myelin.server.config.ServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server with a certificate and an API key: every surface, through the Java client.
@Timeout(180)
class TlsIT {
  private static final String KEY = "a-key-that-is-long-enough-for-a-test";

  @TempDir private Path folder;
  private SelfSigned certificate;
  private TestServer server;

  @BeforeEach
  void open() throws Exception {
    certificate = SelfSigned.in(folder);
    server = TestServer.open(folder.resolve("data"), this::secured);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private ServerConfig secured(ServerConfig config) {
    EdgeOptions edge = config.edge();
    return config.withEdge(
        new EdgeOptions(
            edge.host(),
            edge.port(),
            edge.insecure(),
            edge.eventLoops(),
            edge.maxConnections(),
            edge.requestTimeout(),
            edge.keepAlive(),
            new EdgeOptions.Access(KEY, edge.access().allowedOrigins()),
            new EdgeOptions.Tls(certificate.certificate(), certificate.key()),
            edge.sockets(),
            edge.rest()));
  }

  private MyelinClient connect(ClientOptions options) {
    return MyelinClient.connect(
        URI.create("https://127.0.0.1:" + server.port()),
        options.withTimeouts(TestServer.PATIENCE, TestServer.PATIENCE, TestServer.PATIENCE));
  }

  private ClientOptions trusting() {
    return ClientOptions.DEFAULT.withCertificates(certificate.certificate()).withApiKey(KEY);
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY", "JSON", "GRPC"})
  void streamsRecallsAndListsOverTls(Transport transport) {
    try (MyelinClient client = connect(trusting().withTransport(transport))) {
      ObservationStream stream = client.open(StreamOptions.in("secret"));
      stream.observe(Observation.of("Ada likes trains")).join();
      stream.close();

      assertThat(client.recall(RecallQuery.in("secret").about("trains")).join().memories())
          .singleElement()
          .satisfies(memory -> assertThat(memory.content()).isEqualTo("Ada likes trains"));
      assertThat(client.spaces().join()).extracting(SpaceInfo::name).contains("secret");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY", "GRPC"})
  void refusesAnotherKey(Transport transport) {
    ClientOptions stranger = trusting().withApiKey("another-key-that-is-long-enough-too");
    try (MyelinClient client = connect(stranger.withTransport(transport))) {
      assertThatThrownBy(() -> client.open(StreamOptions.in("secret")))
          .isInstanceOfSatisfying(
              MyelinException.class,
              e -> assertThat(e.code()).isEqualTo(MyelinException.UNAUTHENTICATED));
    }
  }

  @Test
  void aClientThatDoesNotKnowTheCertificateDoesNotTalkToTheServer() {
    try (MyelinClient client = connect(ClientOptions.DEFAULT.withApiKey(KEY))) {
      assertThatThrownBy(() -> client.spaces().join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(MyelinException.class);
    }
  }

  @Test
  void theClientOfLibrariesTrustsWhomItIsTold() {
    URI address = URI.create("https://127.0.0.1:" + server.port());
    ClientOptions patient =
        trusting().withTimeouts(TestServer.PATIENCE, TestServer.PATIENCE, TestServer.PATIENCE);
    try (LibraryClient trusting = LibraryClient.connect(address, patient);
        LibraryClient careless =
            LibraryClient.connect(address, ClientOptions.DEFAULT.withApiKey(KEY).trustingAll());
        LibraryClient stranger =
            LibraryClient.connect(address, ClientOptions.DEFAULT.withApiKey(KEY))) {
      var _ = trusting.libraries().create(NewLibrary.named("Secret").withId("secret"));
      assertThat(careless.libraries().get("secret").name()).isEqualTo("Secret");
      assertThatThrownBy(() -> stranger.libraries().get("secret"))
          .isInstanceOfSatisfying(
              MyelinException.class,
              e -> assertThat(e.code()).isEqualTo(MyelinException.UNAVAILABLE));
    }
  }
}
