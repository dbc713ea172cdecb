package dev.myelin.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.myelin.testkit.CuttingProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gateway client in a browser: pages that hear a channel, see each other, are cut off, and are
/// loaded again.
final class GatewayPageIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final double PATIENCE_MS = 60_000;

  /// Joins a channel and keeps what it tells in `told`.
  private static final String JOIN =
      """
      async ([token, channel]) => {
        const { GatewayClient } = await import("/client/index.js");
        const client = new GatewayClient({ url: location.origin, token: () => token });
        const room = client.channel(channel);
        Object.assign(window, { client, room, told: [], statuses: [] });
        client.on("connected", ({ status }) => statuses.push(status));
        room.on("test.number", ({ payload }) => told.push(payload.n));
        await client.connect();
        await room.subscribe({ presence: "full" });
      }
      """;

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Playwright playwright;
  private static Browser browser;

  private final List<String> errors = new ArrayList<>();
  private CuttingProxy proxy;
  private BrowserContext context;

  @BeforeAll
  static void startServerAndBrowser() throws IOException {
    Path chromium = Project.tool("chromium", "chromium-browser", "google-chrome");
    server = ServerProcess.start(folder, Map.of("MYELIN_AUTH_JWT_SECRET", SECRET));
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(
                        List.of(
                            "--no-sandbox", "--disable-gpu", "--disable-background-networking")));
  }

  @AfterAll
  static void stopServerAndBrowser() {
    if (playwright != null) {
      playwright.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openTheBrowser() throws IOException {
    proxy = CuttingProxy.to(server.port());
    context = browser.newContext();
    context.setDefaultTimeout(PATIENCE_MS);
  }

  @AfterEach
  void closeTheBrowser() throws IOException {
    context.close();
    proxy.close();
    assertThat(errors).isEmpty();
  }

  @Test
  void isCutOffAndResumesWithNothingMissed() throws IOException {
    Page listener = join("cut-ann", "team:cut", proxy.port());
    Page speaker = join("cut-bob", "team:cut", server.port());
    publish(speaker, 1, 5);
    awaitTold(listener, 5);

    proxy.forwardTo(nobodysPort());
    proxy.cut();
    await(listener, "client.state === 'waiting' || client.state === 'connecting'");
    publish(speaker, 6, 12);
    proxy.forwardTo(server.port());
    awaitTold(listener, 12);
    publish(speaker, 13, 14);
    awaitTold(listener, 14);
    assertThat(listener.evaluate("statuses")).isEqualTo(List.of("connected", "resumed"));
  }

  @Test
  void twoTabsSeeEachOtherComeAndGo() {
    Page ann = join("tab-ann", "team:tabs", server.port());
    Page bob = join("tab-bob", "team:tabs", server.port());
    await(ann, "room.roster.get('tab-bob') !== undefined");
    await(bob, "room.roster.get('tab-ann') !== undefined");
    bob.evaluate("room.setPresence({ status: 'busy', activity: 'editing' })");
    await(ann, "room.roster.get('tab-bob').status === 'busy'");
    bob.evaluate("client.close()");
    await(ann, "room.roster.get('tab-bob') === undefined");
    assertThat(ann.evaluate("room.roster.members.map(({ id }) => id)"))
        .isEqualTo(List.of("tab-ann"));
  }

  @Test
  void aPageThatIsLoadedAgainGoesOnWhereItWas() {
    Page listener = join("reload-ann", "team:reload", server.port());
    Page speaker = join("reload-bob", "team:reload", server.port());
    publish(speaker, 1, 3);
    awaitTold(listener, 3);
    listener.navigate("about:blank");
    publish(speaker, 4, 6);
    enter(listener, "reload-ann", "team:reload", server.port());
    publish(speaker, 7, 7);
    await(listener, "told.at(-1) === 7");
    assertThat(listener.evaluate("told")).isEqualTo(List.of(4, 5, 6, 7));
    assertThat(listener.evaluate("statuses")).isEqualTo(List.of("resumed"));
  }

  @Test
  void aTabThatIsDuplicatedIsAClientOfItsOwn() {
    Page first = join("twin", "team:twins", server.port());
    Page second =
        context.waitForPage(() -> first.evaluate("void window.open(location.href, '_blank')"));
    watch(second);
    second.evaluate(JOIN, List.of(token("twin"), "team:twins"));
    publish(first, 1, 2);
    awaitTold(first, 2);
    awaitTold(second, 2);
    assertThat(second.evaluate("client.clientId")).isNotEqualTo(first.evaluate("client.clientId"));
    assertThat(first.evaluate("statuses")).isEqualTo(List.of("connected"));
    assertThat(first.evaluate("client.state")).isEqualTo("connected");
  }

  private Page join(String user, String channel, int port) {
    Page page = context.newPage();
    watch(page);
    enter(page, user, channel, port);
    return page;
  }

  private void watch(Page page) {
    page.onPageError(errors::add);
  }

  private static void enter(Page page, String user, String channel, int port) {
    page.navigate("http://127.0.0.1:" + port + "/");
    page.evaluate(JOIN, List.of(token(user), channel));
  }

  private static void publish(Page page, int first, int last) {
    page.evaluate(
        """
        async ([first, last]) => {
          for (let n = first; n <= last; n++) await room.publish("test.number", { n });
        }
        """,
        List.of(first, last));
  }

  /// Waits for the numbers up to this one, and that they came in order, each once.
  private static void awaitTold(Page page, int last) {
    await(page, "told.length >= " + last);
    assertThat(page.evaluate("told")).isEqualTo(IntStream.rangeClosed(1, last).boxed().toList());
  }

  /// Waits until this is true in the page. It is asked from outside, because the page may not
  /// evaluate text, as `waitForFunction` does.
  private static void await(Page page, String condition) {
    page.waitForCondition(() -> (boolean) page.evaluate(condition));
  }

  private static int nobodysPort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  /// A token (JWT, HS256) of a user who may do everything in his tenant.
  private static String token(String user) {
    long end = Instant.now().getEpochSecond() + 600;
    String claims =
        "{\"sub\":\"%s\",\"tenant_id\":\"t1\",\"name\":\"%s\",\"permissions\":[\"*\"],\"exp\":%d}"
            .formatted(user, user, end);
    String signed = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
