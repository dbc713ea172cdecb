package dev.myelin.server;

import dev.myelin.bench.BenchCommand;
import dev.myelin.server.admin.KeysCommand;
import dev.myelin.server.admin.TenantsCommand;
import dev.myelin.server.channel.ListenCommand;
import dev.myelin.server.channel.PublishCommand;
import dev.myelin.server.command.BackupCommand;
import dev.myelin.server.command.ForgetCommand;
import dev.myelin.server.command.ObserveCommand;
import dev.myelin.server.command.RecallCommand;
import dev.myelin.server.command.SpacesCommand;
import dev.myelin.server.command.TailCommand;
import dev.myelin.server.command.UsageErrors;
import dev.myelin.server.library.AddCommand;
import dev.myelin.server.library.ChangesCommand;
import dev.myelin.server.library.JobsCommand;
import dev.myelin.server.library.LibraryCommand;
import dev.myelin.server.library.SearchCommand;
import dev.myelin.server.library.WebhooksCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `myelin` command.
@Command(
    name = "myelin",
    description = "A live memory server for AI applications.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main {
  private Main() {}

  /// Commands by their names, in the order in which the help lists them.
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("serve", ServeCommand.class);
    COMMANDS.put("observe", ObserveCommand.class);
    COMMANDS.put("recall", RecallCommand.class);
    COMMANDS.put("tail", TailCommand.class);
    COMMANDS.put("spaces", SpacesCommand.class);
    COMMANDS.put("forget", ForgetCommand.class);
    COMMANDS.put("library", LibraryCommand.class);
    COMMANDS.put("add", AddCommand.class);
    COMMANDS.put("search", SearchCommand.class);
    COMMANDS.put("changes", ChangesCommand.class);
    COMMANDS.put("jobs", JobsCommand.class);
    COMMANDS.put("webhooks", WebhooksCommand.class);
    COMMANDS.put("publish", PublishCommand.class);
    COMMANDS.put("listen", ListenCommand.class);
    COMMANDS.put("tenants", TenantsCommand.class);
    COMMANDS.put("keys", KeysCommand.class);
    COMMANDS.put("token", TokenCommand.class);
    COMMANDS.put("backup", BackupCommand.class);
    COMMANDS.put("bench", BenchCommand.class);
    COMMANDS.put("config", ConfigCommand.class);
    COMMANDS.put("version", VersionCommand.class);
    COMMANDS.put("rehearse", RehearseCommand.class);
    COMMANDS.put("help", CommandLine.HelpCommand.class);
  }

  /// Runs the command line and ends the process with its exit code.
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("serve")) {
      Preparation.begin();
    }
    System.exit(commandLine(args).execute(args));
  }

  /// The command line for these arguments. To know a command, picocli reads its class by
  /// reflection, which is most of the time that a short command takes; so if the first argument
  /// names a command, it knows that one only.
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new Main());
    @Nullable Class<?> named =
        args.length == 0 || args[0].equals("help") ? null : COMMANDS.get(args[0]);
    if (named == null) {
      COMMANDS.forEach(line::addSubcommand);
    } else {
      line.addSubcommand(args[0], named);
    }
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors());
  }
}
