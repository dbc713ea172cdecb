package dev.myelin.bench;

import dev.myelin.bench.crash.CrashBench;
import dev.myelin.bench.gateway.GatewayBench;
import dev.myelin.bench.library.LibraryBench;
import dev.myelin.bench.micro.MicroBench;
import dev.myelin.bench.recall.RecallBench;
import dev.myelin.bench.sessions.SessionsBench;
import dev.myelin.bench.start.StartBench;
import dev.myelin.bench.stream.StreamBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// The `bench` command: what Myelin can do on this machine.
@Command(
    name = "bench",
    description = "Measure what Myelin can do on this machine.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      StreamBench.class,
      RecallBench.class,
      LibraryBench.class,
      GatewayBench.class,
      MicroBench.class,
      CrashBench.class,
      StartBench.class,
      SessionsBench.class,
      HelpCommand.class
    })
public final class BenchCommand {}
