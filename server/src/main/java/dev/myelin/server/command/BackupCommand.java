package dev.myelin.server.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.myelin.server.shell.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myelin backup`.
@Command(
    name = "backup",
    description = "Makes a backup on the server's machine, below backup.folder, while it serves.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin backup",
      "  myelin backup before-upgrade",
      "",
      "Restore: copy the folder, then myelin serve --data COPY"
    })
public final class BackupCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int CREATED = 201;
  private static final int UNAUTHENTICATED = 401;

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Name of its folder. Default: the time.")
  private @Nullable String name;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  BackupCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    HttpRequest request = request();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != CREATED) {
        return refused(answer);
      }
      print(JSON.readTree(answer.body()));
      return ClientCommand.OK;
    } catch (IOException _) {
      String address = request.uri().getScheme() + "://" + request.uri().getAuthority();
      return fail("No server answers at " + address + ".", "Start a server with: ./myelin serve");
    }
  }

  /// A backup takes as long as it takes: there is no time out but for the connection.
  private HttpRequest request() {
    var body = JsonNodeFactory.instance.objectNode();
    if (name != null) {
      body.put("folder", name);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.address("/v1/admin/backup"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    String key = server.key();
    if (key != null) {
      request.header("x-api-key", key);
    }
    return request.build();
  }

  private void print(JsonNode backup) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(backup);
    } else {
      out.printf(
          Locale.ROOT,
          "%s (%.1f MB in %.1f s)%n",
          backup.path("folder").asText(),
          backup.path("bytes").asLong() / 1e6,
          backup.path("took_ms").asLong() / 1e3);
    }
    out.flush();
  }

  private int refused(HttpResponse<String> answer) {
    String text = "";
    try {
      text = JSON.readTree(answer.body()).path("detail").asText();
    } catch (JsonProcessingException _) {
      // Not from one of our servers.
    }
    return fail(
        text.isEmpty() ? "The server answered with status " + answer.statusCode() + "." : text,
        answer.statusCode() == UNAUTHENTICATED
            ? "Give the key with --api-key, or in the environment as MYELIN_API_KEY."
            : "");
  }

  private int fail(String text, String hint) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("myelin: " + text);
    if (!hint.isEmpty()) {
      err.println(hint);
    }
    err.flush();
    return ClientCommand.FAILED;
  }
}
