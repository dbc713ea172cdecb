package dev.myelin.server.library;

import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.webhook.Delivery;
import dev.myelin.client.webhook.NewWebhook;
import dev.myelin.client.webhook.Webhook;
import dev.myelin.client.webhook.WebhookChange;
import dev.myelin.client.webhook.WebhookStatus;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.TextTable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `myelin webhooks`.
@Command(
    name = "webhooks",
    description = "Has the server tell other services of changes, and shows what came of it.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create | list | deliveries | test | retry | delete",
    subcommands = {
      WebhooksCommand.Create.class,
      WebhooksCommand.ListAll.class,
      WebhooksCommand.Deliveries.class,
      WebhooksCommand.Test.class,
      WebhooksCommand.Retry.class,
      WebhooksCommand.Delete.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin webhooks create https://example.org/hook --library papers --event \"document.*\"",
      "  myelin webhooks list",
      "  myelin webhooks deliveries WEBHOOK_ID",
      "  myelin webhooks retry WEBHOOK_ID"
    })
public final class WebhooksCommand implements Runnable {
  @Spec private CommandSpec spec;

  WebhooksCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What about webhooks? (expected: create, list, deliveries, test, retry or delete)");
  }

  /// `myelin webhooks create`.
  @Command(
      name = "create",
      description = {
        "Makes a webhook, which is told of what happens from now on.",
        "",
        "The secret that it signs with is shown this once only: on standard output, alone."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = {
        "  myelin webhooks create https://example.org/hook > hook.secret",
        "  myelin webhooks create https://example.org/hook -l papers -e document.added -e \"job.*\""
      })
  static final class Create extends LibraryTask {
    @Parameters(paramLabel = "URL", description = "Whom to tell: http or https.")
    private String url = "";

    @Option(
        names = {"-l", "--library"},
        paramLabel = "LIBRARY",
        description = "Of this library. Default: of all.")
    private @Nullable String library;

    @Option(
        names = {"-e", "--event"},
        split = ",",
        defaultValue = "*",
        paramLabel = "EVENT",
        description =
            "A name, or a group such as document.*; may be given again. Default: all but"
                + " memory.added, chunk.added and chunk.deleted.")
    private List<String> events = List.of();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String description;

    @Option(names = "--json", description = "One JSON object, with the secret.")
    private boolean json;

    Create() {}

    @Override
    protected int run(LibraryClient client) {
      NewWebhook wanted = NewWebhook.to(url, events.toArray(String[]::new));
      wanted = library == null ? wanted : wanted.ofLibrary(library);
      wanted = description == null ? wanted : wanted.withDescription(description);
      Webhook made = client.webhooks().create(wanted);
      if (json) {
        out().println(WebhookListings.fields(made).put("secret", made.secret()));
      } else {
        err().println("Webhook " + made.id() + " is made. Its secret is shown this once only:");
        err().flush();
        out().println(made.secret());
      }
      return OK;
    }
  }

  /// `myelin webhooks list`.
  @Command(
      name = "list",
      description = "Lists webhooks: whom they call, of what, and why one does not.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin webhooks list --json")
  static final class ListAll extends LibraryTask {
    @Option(names = "--json", description = "One JSON object on a line for each webhook.")
    private boolean json;

    ListAll() {}

    @Override
    protected int run(LibraryClient client) {
      List<Webhook> all = client.webhooks().list().toList();
      WebhookListings.WEBHOOKS.print(all, json, out());
      if (!json) {
        for (Webhook webhook : all) {
          if (webhook.statusReason() != null) {
            out().println(webhook.id() + ": " + TextTable.flat(webhook.statusReason()));
          }
        }
      }
      return OK;
    }
  }

  /// `myelin webhooks deliveries`.
  @Command(
      name = "deliveries",
      description = "Shows what was tried, the newest first.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin webhooks deliveries WEBHOOK_ID -n 100 --json")
  static final class Deliveries extends LibraryTask {
    @Parameters(paramLabel = "WEBHOOK_ID", description = "Its id, as list shows it.")
    private String id = "";

    @Option(
        names = "-n",
        paramLabel = "N",
        defaultValue = "20",
        description = "How many at most. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(names = "--json", description = "One JSON object on a line for each attempt.")
    private boolean json;

    Deliveries() {}

    @Override
    protected int run(LibraryClient client) {
      try (Stream<Delivery> tried = client.webhooks().deliveries(id).stream()) {
        List<Delivery> newest = tried.limit(Math.max(0, most)).toList();
        WebhookListings.DELIVERIES.print(newest, json, out());
      }
      return OK;
    }
  }

  /// `myelin webhooks test`.
  @Command(
      name = "test",
      description = "Sends one event webhook.test, and waits for what comes of it.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin webhooks test WEBHOOK_ID")
  static final class Test extends LibraryTask {
    @Parameters(paramLabel = "WEBHOOK_ID", description = "Its id, as list shows it.")
    private String id = "";

    Test() {}

    @Override
    protected int run(LibraryClient client) {
      Delivery tried = client.webhooks().test(id);
      if (tried.error() == null) {
        out().println("It answered " + tried.statusCode() + ".");
        return OK;
      }
      err().println(tried.error());
      return FAILED;
    }
  }

  /// `myelin webhooks retry`.
  @Command(
      name = "retry",
      description = {
        "Tells webhooks at once what waits for them: those that were paused or disabled, and those",
        "that wait for the time of their next attempt. They go on where they stood."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin webhooks retry WEBHOOK_ID")
  static final class Retry extends LibraryTask {
    @Parameters(arity = "1..*", paramLabel = "WEBHOOK_ID", description = "Ids, as list shows them.")
    private List<String> ids = List.of();

    Retry() {}

    @Override
    protected int run(LibraryClient client) {
      for (String id : ids) {
        // One that waits is not paused: only becoming active again ends the wait.
        if (client.webhooks().get(id).status() == WebhookStatus.ACTIVE) {
          become(client, id, WebhookStatus.PAUSED);
        }
        become(client, id, WebhookStatus.ACTIVE);
        out().println("Webhook " + TextTable.flat(id) + " goes on.");
      }
      return OK;
    }

    private static void become(LibraryClient client, String id, WebhookStatus status) {
      var _ = client.webhooks().update(id, WebhookChange.NONE.withStatus(status));
    }
  }

  /// `myelin webhooks delete`.
  @Command(
      name = "delete",
      description = "Deletes webhooks with their logs.",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      footerHeading = "%nExamples:%n",
      footer = "  myelin webhooks delete WEBHOOK_ID")
  static final class Delete extends LibraryTask {
    @Parameters(arity = "1..*", paramLabel = "WEBHOOK_ID", description = "Ids, as list shows them.")
    private List<String> ids = List.of();

    Delete() {}

    @Override
    protected int run(LibraryClient client) {
      for (String id : ids) {
        client.webhooks().delete(id);
        out().println("Webhook " + TextTable.flat(id) + " is deleted.");
      }
      return OK;
    }
  }
}
