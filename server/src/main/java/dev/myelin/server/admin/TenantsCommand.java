package dev.myelin.server.admin;

import dev.myelin.client.admin.IssuedTenant;
import dev.myelin.client.admin.NewTenant;
import dev.myelin.client.admin.Tenant;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.Listing;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myelin tenants`.
@Command(
    name = "tenants",
    description = {
      "Makes and lists tenants: each sees its own libraries, spaces and keys, and no others.",
      "",
      "They are for whoever runs the server: give the server's own key."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create | list",
    subcommands = {TenantsCommand.Create.class, TenantsCommand.ListAll.class},
    footerHeading = "%nExamples:%n",
    footer = {"  myelin tenants create \"Kim & Co\"", "  myelin tenants list"})
public final class TenantsCommand implements Runnable {
  @Spec private CommandSpec spec;

  TenantsCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about tenants? (expected: create or list)");
  }

  /// `myelin tenants create`.
  @Command(
      name = "create",
      description = {
        "Makes a tenant with its first key, which may do everything that is the tenant's.",
        "",
        "The key is shown this once only: on standard output, alone."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {
        "  myelin tenants create \"Kim & Co\" --expires-in-days 90",
        "  export MYELIN_API_KEY=$(myelin tenants create \"Kim & Co\")"
      })
  static final class Create extends LibraryTask {
    @Parameters(paramLabel = "NAME", description = "Its name, for people.")
    private String name = "";

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
      IssuedTenant made =
          client
              .tenants()
              .create(
                  days == null
                      ? NewTenant.named(name)
                      : NewTenant.named(name).expiringInDays(days));
      if (json) {
        out()
            .println(
                new JsonLine()
                    .put("tenant_id", made.id())
                    .put("name", made.name())
                    .put("api_key", made.apiKey())
                    .put("expires_at", made.expiresAt()));
      } else {
        err().println("Tenant " + made.id() + " is made. " + KeysCommand.ONCE);
        err().flush();
        out().println(made.apiKey());
      }
      return OK;
    }
  }

  /// `myelin tenants list`.
  @Command(
      name = "list",
      description = "Lists the tenants of a server.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {"  myelin tenants list", "  myelin tenants list --json | jq -r .tenant_id"})
  static final class ListAll extends LibraryTask {
    private static final Listing<Tenant> LISTING =
        new Listing<>(
            "There is no tenant yet. Make one: ./myelin tenants create NAME",
            List.of("TENANT", "NAME", "STATE", "MADE", "EXPIRES", "LAST USED", "REQUESTS"),
            1,
            tenant ->
                List.of(
                    tenant.id(),
                    TextTable.flat(tenant.name()),
                    tenant.active() ? "active" : "ended",
                    Times.minute(tenant.createdAt()),
                    Times.minute(tenant.expiresAt()),
                    Times.minute(tenant.lastUsedAt()),
                    String.format(Locale.ROOT, "%,d", tenant.requests())),
            ListAll::line);

    @Option(names = "--json", description = "One JSON object on a line for each tenant.")
    private boolean json;

    ListAll() {}

    @Override
    protected int run(LibraryClient client) {
      LISTING.print(client.tenants().list(), json, out());
      return OK;
    }

    private static JsonLine line(Tenant tenant) {
      return new JsonLine()
          .put("tenant_id", tenant.id())
          .put("name", tenant.name())
          .putAny("is_active", tenant.active())
          .put("created_at", tenant.createdAt())
          .put("expires_at", tenant.expiresAt())
          .put("last_used_at", tenant.lastUsedAt())
          .put("request_count", tenant.requests());
    }
  }
}
