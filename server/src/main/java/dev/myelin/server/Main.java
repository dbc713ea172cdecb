package dev.myelin.server;

import dev.myelin.bench.BenchCommand;
import dev.myelin.server.command.BackupCommand;
import dev.myelin.server.command.ForgetCommand;
import dev.myelin.server.command.ObserveCommand;
import dev.myelin.server.command.RecallCommand;
import dev.myelin.server.command.SpacesCommand;
import dev.myelin.server.command.TailCommand;
import dev.myelin.server.command.UsageErrors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `myelin` command.
@Command(
    name = "myelin",
    description = "A live memory server for AI applications.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ServeCommand.class,
      ObserveCommand.class,
      RecallCommand.class,
      TailCommand.class,
      SpacesCommand.class,
      ForgetCommand.class,
      BackupCommand.class,
      BenchCommand.class,
      ConfigCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  private Main() {}

  /// Runs the command line and ends the process with its exit code.
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new UsageErrors());
  }
}
