package dev.myelin.server;

import dev.myelin.edge.ListenException;
import dev.myelin.model.ServiceException;
import dev.myelin.server.config.ConfigException;
import dev.myelin.server.config.ServerConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `myelin serve`.
@Command(
    name = "serve",
    description = "Runs the server until it is told to stop (Ctrl-C or SIGTERM).",
    footer = {
      "",
      "Settings come from, later wins: defaults, myelin.yaml, environment, options.",
      "MYELIN_SERVER_PORT=9000 is server.port; MYELIN_API_KEY is the key that clients show.",
      "`myelin config` shows all settings and where each comes from.",
      "",
      "Exit codes: 0 stopped, 2 wrong settings, 3 cannot listen, 4 cannot use the data folder."
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  ServeCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    logThroughSlf4j();
    ServerConfig config;
    MyelinServer server;
    try {
      config = options.load(System.getenv()).config();
      server = MyelinServer.open(config);
    } catch (ConfigException e) {
      return fail(err, ExitCodes.USAGE, e.text());
    } catch (ListenException e) {
      return fail(err, ExitCodes.CANNOT_LISTEN, e.text());
    } catch (ServiceException e) {
      return fail(err, ExitCodes.CANNOT_USE_DATA, e.text());
    }
    stopWithTheProcess(server);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Myelin is ready: " + server.url() + "  (data: " + config.data().toAbsolutePath() + ")");
    out.flush();
    new CountDownLatch(1).await(); // a signal ends the process
    return ExitCodes.OK;
  }

  /// What libraries tell the JDK's own log goes where everything else goes, with the same levels.
  private static void logThroughSlf4j() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /// A signal closes the server in order. The process then ends with 0, as it did what it was told;
  /// by itself a JVM would report the signal as a failure.
  private static void stopWithTheProcess(MyelinServer server) {
    Runnable stop =
        () -> {
          server.close();
          Runtime.getRuntime().halt(ExitCodes.OK);
        };
    StopSignals.hear(stop);
  }

  private static int fail(PrintWriter err, int code, String text) {
    err.println("myelin: " + text);
    err.flush();
    return code;
  }
}
