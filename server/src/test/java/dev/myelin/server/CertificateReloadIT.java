package dev.myelin.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.edge.EdgeOptions;
import dev.myelin.server.config.ServerConfig;
import dev.myelin.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Certificates that are replaced while the server runs.
@Timeout(180)
class CertificateReloadIT {
  @TempDir private Path folder;

  private Path shown;
  private SelfSigned files;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    shown = Files.createDirectory(folder.resolve("shown"));
    files = SelfSigned.in(shown);
    server = TestServer.open(folder.resolve("data"), this::secured);
  }

  @AfterEach
  void stop() {
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
            edge.access(),
            new EdgeOptions.Tls(files.certificate(), files.key(), Duration.ofMillis(50)),
            edge.sockets(),
            edge.rest()));
  }

  /// Looks at what is shown, whoever made it.
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private SSLSocket connect(String... protocols) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
    socket.startHandshake();
    return socket;
  }

  private Certificate shownNow() {
    try (SSLSocket socket = connect("h2", "http/1.1")) {
      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      return socket.getSession().getPeerCertificates()[0];
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError("a handshake failed", e);
    }
  }

  private static String ask(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(US_ASCII));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    return lines.readLine();
  }

  private SelfSigned another(String name) throws Exception {
    return SelfSigned.in(Files.createDirectory(folder.resolve(name)));
  }

  private static void replace(Path from, Path to) throws IOException {
    Path beside = to.resolveSibling("beside");
    Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
    Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void showsWhatReplacesTheFilesAndKeepsConnections() throws Exception {
    SelfSigned second = another("second");
    Certificate first = shownNow();
    try (SSLSocket old = connect("http/1.1")) {
      replace(second.key(), files.key());
      assertThat(shownNow()).as("with half a pair").isEqualTo(first);
      replace(second.certificate(), files.certificate());
      Eventually.until("the second is shown", () -> !shownNow().equals(first));

      assertThat(ask(old)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(old.getSession().getPeerCertificates()[0]).isEqualTo(first);
    }
  }

  @Test
  void staysWithWhatItHasWhileTheFilesAreUnreadable() throws Exception {
    SelfSigned second = another("second");
    Certificate first = shownNow();
    Files.writeString(files.certificate(), "no certificate");
    assertThat(shownNow()).isEqualTo(first);
    Files.delete(files.key());
    assertThat(shownNow()).isEqualTo(first);
    replace(second.key(), files.key());
    replace(second.certificate(), files.certificate());
    Eventually.until("the second is shown", () -> !shownNow().equals(first));
  }
}
