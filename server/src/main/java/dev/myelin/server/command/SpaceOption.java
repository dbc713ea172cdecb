package dev.myelin.server.command;

import picocli.CommandLine.Option;

/// Which space a command is about.
final class SpaceOption {
  @Option(
      names = "--space",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The memory space. Default: ${DEFAULT-VALUE}.")
  private String name = "default";

  SpaceOption() {}

  String name() {
    return name;
  }
}
