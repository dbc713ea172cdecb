package dev.myelin.server.admin;

import dev.myelin.client.admin.ApiKey;
import dev.myelin.client.admin.IssuedKey;
import dev.myelin.client.admin.NewKey;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.Listing;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myelin keys`.
@Command(
    name = "keys",
    description = "Makes, lists, rotates and revokes API keys.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create | list | rotate | revoke",
    subcommands = {
      KeysCommand.Create.class,
      KeysCommand.ListAll.class,
      KeysCommand.Rotate.class,
      KeysCommand.Revoke.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin keys create \"the web site\" --scope read:papers",
      "  myelin keys list",
      "  myelin keys rotate KEY_ID",
      "  myelin keys revoke KEY_ID"
    })
public final class KeysCommand implements Runnable {
  static final String ONCE = "Its key is shown this once only, so keep it:";

  @Spec private CommandSpec spec;

  KeysCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about keys? (expected: create, list, rotate or revoke)");
  }

  /// `myelin keys create`.
  @Command(
      name = "create",
      description = {
        "Makes a key.",
        "",
        "The key is shown this once only: on standard output, alone."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {
        "  myelin keys create \"the web site\" --scope read:papers --expires-in-days 90",
        "  myelin keys create importer --scope write > importer.key"
      })
  static final class Create extends LibraryTask {
    @Parameters(paramLabel = "NAME", description = "What it is for, for people.")
    private String name = "";

    @Option(
        names = {"-s", "--scope"},
        required = true,
        split = ",",
        paramLabel = "SCOPE",
        description =
            "read, write or admin, for everything or, as read:LIBRARY, for one library;"
                + " may be given again.")
    private List<String> scopes = List.of();

    @Option(names = "--tenant", paramLabel = "ID", description = "Whose. Default: your own.")
    private @Nullable String tenant;

    @Option(
        names = "--expires-in-days",
        paramLabel = "N",
        description = "When it ends. Default: never.")
    private @Nullable Integer days;

    @Option(names = "--json", description = "One JSON object, with the key in api_key.")
    private boolean json;

    Create() {}

    @Override
    protected int run(LibraryClient client) {
      IssuedKey made = client.keys().create(new NewKey(tenant, name, scopes, days));
      show(made, json, "is made", out(), err());
      return OK;
    }
  }

  /// `myelin keys list`.
  @Command(
      name = "list",
      description =
          "Lists keys: what they open and when they were used, never the keys themselves.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {"  myelin keys list", "  myelin keys list --tenant TENANT_ID --json"})
  static final class ListAll extends LibraryTask {
    private static final Listing<ApiKey> LISTING =
        new Listing<>(
            "There is no key yet. Make one: ./myelin keys create NAME --scope read",
            List.of("KEY", "NAME", "SCOPES", "TENANT", "EXPIRES", "LAST USED"),
            1,
            key ->
                List.of(
                    key.id(),
                    TextTable.flat(key.name()),
                    String.join(",", key.scopes()),
                    key.tenantId(),
                    Times.minute(key.expiresAt()),
                    Times.minute(key.lastUsedAt())),
            KeysCommand::fields);

    @Option(names = "--tenant", paramLabel = "ID", description = "Only those of this tenant.")
    private @Nullable String tenant;

    @Option(names = "--json", description = "One JSON object on a line for each key.")
    private boolean json;

    ListAll() {}

    @Override
    protected int run(LibraryClient client) {
      LISTING.print(client.keys().list(tenant), json, out());
      return OK;
    }
  }

  /// `myelin keys rotate`.
  @Command(
      name = "rotate",
      description = {
        "Makes a key anew with the same scopes; the old one is dead at once.",
        "",
        "The key is shown this once only: on standard output, alone."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin keys rotate KEY_ID > importer.key")
  static final class Rotate extends LibraryTask {
    @Parameters(paramLabel = "KEY_ID", description = "Its id, as list shows it.")
    private String id = "";

    @Option(names = "--json", description = "One JSON object, with the key in api_key.")
    private boolean json;

    Rotate() {}

    @Override
    protected int run(LibraryClient client) {
      show(client.keys().rotate(id), json, "is rotated", out(), err());
      return OK;
    }
  }

  /// `myelin keys revoke`.
  @Command(
      name = "revoke",
      description = "Ends keys at once, and the connections that they opened.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin keys revoke KEY_ID")
  static final class Revoke extends LibraryTask {
    @Parameters(arity = "1..*", paramLabel = "KEY_ID", description = "Ids, as list shows them.")
    private List<String> ids = List.of();

    Revoke() {}

    @Override
    protected int run(LibraryClient client) {
      for (String id : ids) {
        client.keys().revoke(id);
        out().println("Key " + TextTable.flat(id) + " is revoked.");
      }
      return OK;
    }
  }

  private static void show(
      IssuedKey issued, boolean json, String done, PrintWriter out, PrintWriter err) {
    if (json) {
      out.println(fields(issued.key()).put("api_key", issued.apiKey()));
    } else {
      err.println("Key " + issued.key().id() + " " + done + ". " + ONCE);
      err.flush();
      out.println(issued.apiKey());
    }
  }

  private static JsonLine fields(ApiKey key) {
    return new JsonLine()
        .put("key_id", key.id())
        .put("tenant_id", key.tenantId())
        .put("name", key.name())
        .put("scopes", key.scopes())
        .put("created_at", key.createdAt())
        .put("expires_at", key.expiresAt())
        .put("last_used_at", key.lastUsedAt());
  }
}
