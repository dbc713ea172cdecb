package dev.myelin.server.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.RequestOptions;
import dev.myelin.testkit.CuttingProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page at `/` in a browser, with a server behind a connection that breaks.
final class ConsoleIT {
  private static final int COUNT = 1_000;
  private static final String KEY = "The spare key lies under the blue flower pot.";
  private static final double PATIENCE_MS = 30_000;

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Playwright playwright;
  private static Browser browser;

  private CuttingProxy proxy;
  private Page page;
  private final List<String> complaints = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  @BeforeAll
  static void startServerAndBrowser() throws IOException {
    Path chromium = Project.tool("chromium", "chromium-browser", "google-chrome");
    server = ServerProcess.start(folder);
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
  void openThePage() throws IOException {
    proxy = CuttingProxy.to(server.port());
    page =
        browser.newPage(
            new Browser.NewPageOptions()
                .setViewportSize(1280, 900)
                .setReducedMotion(ReducedMotion.REDUCE));
    page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
    page.onPageError(complaints::add);
    page.onRequest(request -> addresses.add(request.url()));
  }

  @AfterEach
  void closeThePage() throws IOException {
    page.close();
    proxy.close();
  }

  @Test
  void streamsThroughABrokenConnectionAndRecalls() {
    open("through-a-cut");
    String text =
        IntStream.range(0, COUNT)
            .mapToObj(i -> i == 777 ? KEY : "observation number " + i)
            .collect(Collectors.joining("\n"));
    proxy.cutAfter(60_000);
    page.setInputFiles(
        "#file", new FilePayload("notes.txt", "text/plain", text.getBytes(StandardCharsets.UTF_8)));

    assertThat(page.locator("#acknowledged")).hasText("1,000", patiently());
    assertThat(proxy.cuts()).isEqualTo(1);
    assertThat(page.locator("#connection")).hasText("connected again");
    assertThat(page.locator("#waiting")).hasText("0");
    assertThat(page.locator("#rejected")).hasText("0");
    assertThat(contentsOf("through-a-cut"))
        .containsExactlyInAnyOrderElementsOf(List.of(text.split("\n")));

    page.click("#ask button");
    assertThat(page.locator("#results li .content").first())
        .hasText("observation number 999", patiently());
    assertThat(page.locator("#results li")).hasCount(10);

    page.fill("#question", "Where is the spare key?");
    page.selectOption("#count", "200");
    page.press("#question", "Enter");
    assertThat(page.locator("#results li", new Page.LocatorOptions().setHasText(KEY)))
        .isVisible(new IsVisibleOptions().setTimeout(PATIENCE_MS));
  }

  @Test
  void takesLinesFromTheKeyboardAndShowsTheirFate() {
    open("typed-lines");
    page.fill("#lines", "The cat sleeps.\n\nThe dog barks.");
    page.press("#lines", "Enter");
    assertThat(page.locator("#acknowledged")).hasText("2", patiently());
    assertThat(page.locator("#lines")).hasValue("");
    assertThat(page.locator("#acks li")).hasCount(2);
    assertThat(page.locator("#acks li .outcome").first()).hasText("accepted");

    page.click("#pause");
    page.fill("#lines", "Held back.");
    page.click("#observe button[type=submit]");
    assertThat(page.locator("#waiting")).hasText("1");
    page.click("#pause");
    assertThat(page.locator("#acknowledged")).hasText("3", patiently());

    page.click("#ask button");
    assertThat(page.locator("#results li .content").first()).hasText("Held back.", patiently());
  }

  @Test
  void showsTheSpacesAndGoesToAnother() {
    open("first-space");
    page.fill("#lines", "only here");
    page.press("#lines", "Enter");
    assertThat(page.locator("#acknowledged")).hasText("1", patiently());
    Locator row =
        page.locator("#space-rows tr", new Page.LocatorOptions().setHasText("first-space"));
    assertThat(row.locator("td").nth(1)).hasText("1", patiently());

    page.fill("#space", "second-space");
    page.click("#apply");
    assertThat(page.locator("#acknowledged")).hasText("0", patiently());
    assertThat(page.locator("#connection")).hasText("connected", patiently());
    page.click("#ask button");
    assertThat(page.locator("#answer")).hasText("This space remembers nothing yet.", patiently());
    row.locator("button").click();
    assertThat(page.locator("#space")).hasValue("first-space");
    page.click("#ask button");
    assertThat(page.locator("#results li")).hasCount(1);
  }

  @Test
  void asksNobodyElseAndRunsOnlyItsOwnScripts() {
    Response response = open("strict");
    Map<String, String> headers = response.headers();
    assertThat(headers.get("content-type")).startsWith("text/html");
    assertThat(headers.get("content-security-policy"))
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .doesNotContain("unsafe");
    assertThat(headers).containsEntry("x-content-type-options", "nosniff");
    assertThat(statusOfAnother(requireNonNull(headers.get("etag")))).isEqualTo(304);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertThat(addresses).isNotEmpty().allMatch(address -> address.startsWith(origin()));
    assertThat(complaints).isEmpty();
  }

  /// What a browser is answered that already has the page under a tag.
  private int statusOfAnother(String tag) {
    return page.request()
        .get(origin() + "/", RequestOptions.create().setHeader("if-none-match", tag))
        .status();
  }

  private Response open(String space) {
    Response response = page.navigate(origin() + "/?space=" + space);
    assertThat(page.locator("#connection")).hasText("connected", patiently());
    return response;
  }

  private String origin() {
    return "http://127.0.0.1:" + proxy.port();
  }

  /// What the space remembers, asked by the client that the page has loaded.
  @SuppressWarnings("unchecked") // the script returns texts
  private List<String> contentsOf(String space) {
    return (List<String>)
        page.evaluate(
            """
            async (space) => {
              const { MyelinClient } = await import("/client/index.js");
              const client = new MyelinClient({ url: location.origin, space });
              await client.connect();
              const { results } = await client.recall({ maxResults: 10_000 });
              await client.close();
              return results.map((memory) => memory.content);
            }
            """,
            space);
  }

  private static HasTextOptions patiently() {
    return new HasTextOptions().setTimeout(PATIENCE_MS);
  }
}
