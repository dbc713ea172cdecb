package dev.myelin.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `myelin version`.
@Command(name = "version", description = "Says which version this is and what it runs on.")
final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec;

  VersionCommand() {}

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    root.printVersionHelp(root.getOut());
  }
}
