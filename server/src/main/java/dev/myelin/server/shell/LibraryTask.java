package dev.myelin.server.shell;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.RetryPolicy;
import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.model.MyelinException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that works with libraries: makes the client, and says what went wrong in a line or
/// two.
public abstract class LibraryTask implements Callable<Integer> {
  protected static final int OK = 0;
  protected static final int FAILED = 1;

  /// Who waits at a terminal is told soon that there is no server.
  private static final RetryPolicy IMPATIENT =
      new RetryPolicy(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofMinutes(4));

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Override
  public final Integer call() throws Exception {
    ClientOptions options = ClientOptions.DEFAULT.withRetry(IMPATIENT);
    try (LibraryClient client = server.libraries(options)) {
      return run(client);
    } catch (MyelinException e) {
      Complaints.say(err(), e);
      return FAILED;
    } finally {
      out().flush();
    }
  }

  /// Does the work.
  ///
  /// @return the exit code
  protected abstract int run(LibraryClient client) throws Exception;

  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  protected final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  protected final CommandSpec spec() {
    return spec;
  }
}
