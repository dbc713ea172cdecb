package dev.myelin.server;

import dev.myelin.live.token.TokenConfig;
import dev.myelin.live.token.TokenSigner;
import dev.myelin.model.Permission;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import dev.myelin.server.config.ConfigException;
import dev.myelin.server.config.Durations;
import dev.myelin.server.config.LoadedConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `myelin token`.
@Command(
    name = "token",
    description = {
      "Makes a token (JWT, HS256) to try things out, without asking a server.",
      "",
      "It is signed with auth.jwt.secret, which the server has to have too, and it opens every"
          + " surface: HTTP, gRPC and all WebSockets. The token is on standard output, alone. It"
          + " cannot be taken back but by POST /v1/tokens/revoke, so let it be short-lived; your"
          + " users' tokens are made by your own identity provider."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nPermissions are type:id:action or type:id:action:event, * is all:%n",
    footer = {
      "  *                        everything in the tenant",
      "  library:notes:read       recall, search and tail one library (a memory space)",
      "  library:*:write          observe and change all libraries",
      "  team:core:read           subscribe to a channel; also write, invoke, moderate, admin",
      "  conversation:*:write:chat.*   send events chat.* to all conversations",
      "",
      "Examples:",
      "  export MYELIN_AUTH_JWT_SECRET=$(openssl rand -hex 32)",
      "  myelin serve &",
      "  TOKEN=$(myelin token --sub ann --tenant acme --permission 'library:*:write')",
      "  curl -H \"Authorization: Bearer $TOKEN\" localhost:8080/v1/libraries"
    })
final class TokenCommand implements Callable<Integer> {
  private static final Duration AT_MOST = Duration.ofDays(3_650);

  @Spec private CommandSpec spec;

  @Option(names = "--sub", paramLabel = "USER", description = "Whose it is. Default: tester.")
  private String subject = "tester";

  @Option(names = "--tenant", paramLabel = "ID", description = "Whose data. Default: default.")
  private String tenant = SpaceId.DEFAULT_TENANT;

  @Option(
      names = "--permission",
      required = true,
      split = ",",
      paramLabel = "PERMISSION",
      description = "What it permits; may be given again.")
  private List<String> permissions = List.of();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it lives: 90s, 5m, 1h, 2d. Default: 1h.")
  private String expires = "1h";

  @Option(names = "--name", paramLabel = "NAME", description = "The user's, for people.")
  private @Nullable String name;

  @Option(names = "--role", split = ",", paramLabel = "ROLE", description = "May be given again.")
  private List<String> roles = List.of();

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description =
          "Instead of the configured one. Others on this machine can see it in the list of"
              + " processes; prefer MYELIN_AUTH_JWT_SECRET.")
  private @Nullable String secret;

  @Option(names = "--issuer", paramLabel = "ISS", description = "Instead of auth.jwt.issuer.")
  private @Nullable String issuer;

  @Option(names = "--audience", paramLabel = "AUD", description = "Instead of auth.jwt.audience.")
  private @Nullable String audience;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration file. Default: ./myelin.yaml, if it is there.")
  private @Nullable Path file;

  TokenCommand() {}

  @Override
  public Integer call() {
    TokenSigner.Wanted wanted =
        new TokenSigner.Wanted(
            subject(), tenant(), name, roles, List.copyOf(permissions()), lifetime());
    PrintWriter err = spec.commandLine().getErr();
    TokenConfig config;
    try {
      config = config();
    } catch (ConfigException e) {
      err.println("myelin: " + e.text());
      return ExitCodes.USAGE;
    }
    if (config.secret() == null) {
      err.println(
          "myelin: There is no secret to sign with. Put one of 32 bytes or more into"
              + " MYELIN_AUTH_JWT_SECRET, for the server too: `openssl rand -hex 32` makes one.");
      return ExitCodes.USAGE;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    err.println(
        "A token of "
            + subject
            + " in the tenant "
            + tenant
            + ", until "
            + now.plus(wanted.lifetime())
            + ":");
    err.flush();
    PrintWriter out = spec.commandLine().getOut();
    out.println(new TokenSigner(config).sign(wanted, now));
    out.flush();
    return ExitCodes.OK;
  }

  private TokenConfig config() {
    Map<String, LoadedConfig.Option> given = new LinkedHashMap<>();
    put(given, "auth.jwt.secret", "--secret", secret);
    put(given, "auth.jwt.issuer", "--issuer", issuer);
    put(given, "auth.jwt.audience", "--audience", audience);
    return LoadedConfig.load(file, System.getenv(), given).config().edge().access().tokens();
  }

  private static void put(
      Map<String, LoadedConfig.Option> given, String key, String name, @Nullable String value) {
    if (value != null) {
      given.put(key, new LoadedConfig.Option(name, value));
    }
  }

  private String subject() {
    if (subject.isBlank()) {
      throw wrong("--sub: it is blank (expected: the name of a user).");
    }
    return subject;
  }

  private String tenant() {
    if (!SpaceId.isTenant(tenant)) {
      throw wrong("--tenant: " + tenant + " (expected: 1 to 64 characters of a-z, 0-9, _ and -).");
    }
    return tenant;
  }

  private List<Permission> permissions() {
    try {
      return permissions.stream().map(String::strip).map(Permission::parse).toList();
    } catch (ServiceException e) {
      throw wrong(e.text());
    }
  }

  private Duration lifetime() {
    try {
      @Nullable Duration time = Durations.parse(expires);
      if (time != null && time.isPositive() && time.compareTo(AT_MOST) <= 0) {
        return time;
      }
    } catch (DateTimeParseException _) {
      // Said below.
    }
    throw wrong("--expires: " + expires + " (expected: a time such as 90s, 5m, 1h or 2d).");
  }

  private ParameterException wrong(String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
