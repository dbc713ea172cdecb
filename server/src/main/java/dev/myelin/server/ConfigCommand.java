package dev.myelin.server;

import dev.myelin.server.config.ConfigException;
import dev.myelin.server.config.Setting;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `myelin config`.
@Command(
    name = "config",
    description =
        "Shows every setting with its value and where that comes from; secrets are hidden.")
final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  ConfigCommand() {}

  @Override
  public Integer call() {
    List<Setting> settings;
    try {
      settings = options.load(System.getenv()).settings();
    } catch (ConfigException e) {
      spec.commandLine().getErr().println("myelin: " + e.text());
      return ExitCodes.USAGE;
    }
    int keys = settings.stream().mapToInt(setting -> setting.key().length()).max().orElse(0);
    int values = settings.stream().mapToInt(setting -> setting.value().length()).max().orElse(0);
    PrintWriter out = spec.commandLine().getOut();
    for (Setting setting : settings) {
      out.printf(
          "%-" + keys + "s  %-" + Math.max(1, values) + "s  %s%n",
          setting.key(),
          setting.value(),
          setting.origin());
    }
    out.flush();
    return ExitCodes.OK;
  }
}
