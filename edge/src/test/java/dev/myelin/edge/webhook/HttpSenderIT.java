package dev.myelin.edge.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.myelin.library.webhook.WebhookConfig.Targets;
import dev.myelin.library.webhook.WebhookSender.Answered;
import dev.myelin.library.webhook.WebhookSender.Post;
import dev.myelin.library.webhook.WebhookSender.Reply;
import dev.myelin.library.webhook.WebhookSender.Unanswered;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The requests of webhooks, over real sockets, to targets that behave and to others.
@Timeout(120)
final class HttpSenderIT {
  private static final int MAX_ANSWER = 4_096;
  private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  private static final Duration LONG = Duration.ofSeconds(60);

  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Vertx vertx;
  private HttpServer target;
  private HttpSender anywhere;
  private HttpSender publicOnly;

  @BeforeEach
  void open() throws IOException {
    vertx = Vertx.vertx();
    target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    target.setExecutor(threads);
    target.start();
    anywhere = new HttpSender(vertx, new Targets(true, Duration.ofSeconds(10), MAX_ANSWER));
    publicOnly = new HttpSender(vertx, new Targets(false, Duration.ofSeconds(10), MAX_ANSWER));
  }

  @AfterEach
  void close() {
    never.countDown();
    anywhere.close();
    publicOnly.close();
    target.stop(0);
    threads.shutdownNow();
    var _ = vertx.close();
  }

  private void serve(String path, HttpHandler handler) {
    var _ =
        target.createContext(
            path,
            exchange -> {
              requests.incrementAndGet();
              try (exchange) {
                handler.handle(exchange);
              }
            });
  }

  private String url(String path) {
    return "http://127.0.0.1:" + target.getAddress().getPort() + path;
  }

  private static Post post(String url, Duration timeout) {
    byte[] body = "{\"a\":\"é\"}".getBytes(StandardCharsets.UTF_8);
    return new Post(URI.create(url), Map.of("X-Event-Type", "a.b"), body, timeout);
  }

  private Reply send(String path) throws InterruptedException {
    return anywhere.send(post(url(path), LONG));
  }

  @Test
  void postsWhatItIsGivenAndTellsTheAnswer() throws Exception {
    serve(
        "/",
        exchange -> {
          byte[] sent = exchange.getRequestBody().readAllBytes();
          String text =
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Event-Type")
                  + " "
                  + exchange.getRequestHeaders().getFirst("Host")
                  + " "
                  + new String(sent, StandardCharsets.UTF_8);
          byte[] answer = text.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Retry-After", "7");
          exchange.sendResponseHeaders(202, answer.length);
          exchange.getResponseBody().write(answer);
        });
    for (int i = 0; i < 3; i++) {
      Reply reply = send("/a%20b?c=d");
      String host = "127.0.0.1:" + target.getAddress().getPort();
      assertThat(reply)
          .isEqualTo(new Answered(202, "7", "POST /a%20b?c=d a.b " + host + " {\"a\":\"é\"}"));
    }
  }

  @Test
  void callsAddressesOfIpv6() throws Exception {
    HttpServer six = ofIpv6();
    var _ = six.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    six.start();
    try {
      String url = "http://[::1]:" + six.getAddress().getPort() + "/";
      assertThat(anywhere.send(post(url, LONG))).isEqualTo(new Answered(204, null, ""));
    } finally {
      six.stop(0);
    }
  }

  private static HttpServer ofIpv6() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK_6), 0), 0);
    } catch (IOException _) {
      return abort("this machine has no IPv6");
    }
  }

  @Test
  void followsNoRedirect() throws Exception {
    serve("/secret", exchange -> exchange.sendResponseHeaders(200, -1));
    serve(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", url("/secret"));
          exchange.sendResponseHeaders(307, -1);
        });
    assertThat(send("/moved")).isEqualTo(new Answered(307, null, ""));
    assertThat(requests).hasValue(1);
  }

  @Test
  void readsAnEndlessAnswerToABoundOnly() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    serve(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            byte[] much = "0123456789abcdef".repeat(4_096).getBytes(StandardCharsets.UTF_8);
            while (true) {
              out.write(much);
            }
          } catch (IOException _) {
            cut.countDown();
          }
        });
    assertThat(send("/endless"))
        .isInstanceOfSatisfying(
            Answered.class,
            answered -> {
              assertThat(answered.status()).isEqualTo(200);
              assertThat(answered.body()).hasSize(MAX_ANSWER);
            });
    cut.await();
  }

  @Test
  void doesNotWaitForABodyThatDoesNotEnd() throws Exception {
    serve(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("slow".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          hang();
        });
    assertThat(send("/slow")).isEqualTo(new Answered(200, null, "slow"));
  }

  private void hang() {
    try {
      never.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void doesNotWaitForATargetThatDoesNotAnswer() throws Exception {
    serve("/hangs", _ -> hang());
    assertThat(anywhere.send(post(url("/hangs"), Duration.ofSeconds(1))))
        .isEqualTo(new Unanswered("The target did not answer within 1 s."));
  }

  @Test
  void saysWhyNobodyAnswered() throws Exception {
    int nobody;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = taken.getLocalPort();
    }
    assertThat(anywhere.send(post("http://127.0.0.1:" + nobody + "/", LONG)))
        .isEqualTo(new Unanswered("The connection to the target was refused."));
    serve("/breaks", HttpExchange::close);
    assertThat(send("/breaks"))
        .isEqualTo(new Unanswered("The connection to the target broke before it answered."));
    assertThat(anywhere.send(post("https://127.0.0.1:" + target.getAddress().getPort(), LONG)))
        .isInstanceOf(Unanswered.class);
    assertThat(anywhere.send(post("http://no-such-name.invalid/", LONG)))
        .isInstanceOfSatisfying(
            Unanswered.class, unknown -> assertThat(unknown.reason()).contains("The name of"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/",
        "http://[::1]:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://localhost:PORT/",
        "http://0x7f000001:PORT/",
        "http://2130706433:PORT/",
        "http://017700000001:PORT/",
        "http://127.1:PORT/",
        "http://127.0.0.1.:PORT/",
        "http://0.0.0.0:PORT/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://224.0.0.1/"
      })
  void callsNobodyInside(String template) throws Exception {
    serve("/", exchange -> exchange.sendResponseHeaders(200, -1));
    String url = template.replace("PORT", Integer.toString(target.getAddress().getPort()));

    assertThat(publicOnly.refusal(URI.create(url))).isPresent();
    assertThat(publicOnly.send(post(url, LONG)))
        .isInstanceOfSatisfying(
            Unanswered.class,
            refused -> assertThat(refused.reason()).startsWith("The target may not be called"));
    assertThat(requests).hasValue(0);
  }

  @Test
  void knowsNothingAgainstPublicAddressesAndUnknownNames() {
    assertThat(publicOnly.refusal(URI.create("http://1.1.1.1/"))).isEmpty();
    assertThat(publicOnly.refusal(URI.create("https://[2606:4700:4700::1111]/"))).isEmpty();
    assertThat(publicOnly.refusal(URI.create("http://no-such-name.invalid/"))).isEmpty();
    assertThat(anywhere.refusal(URI.create("http://224.0.0.1/"))).isPresent();
    assertThat(anywhere.refusal(URI.create("http://0x7f000001/"))).isPresent();
  }
}
