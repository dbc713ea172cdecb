package dev.myelin.server.command;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.model.MyelinException;
import dev.myelin.server.shell.Complaints;
import dev.myelin.server.shell.ServerOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that speaks with a server: makes the client, and says what went wrong in a line or
/// two.
abstract class ClientCommand implements Callable<Integer> {
  static final int OK = 0;
  static final int FAILED = 1;

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Override
  public final Integer call() throws Exception {
    try (MyelinClient client = server.connect(options(ClientOptions.DEFAULT))) {
      return run(client);
    } catch (MyelinException e) {
      return fail(e);
    } catch (CompletionException e) {
      if (e.getCause() instanceof MyelinException known) {
        return fail(known);
      }
      throw e;
    }
  }

  /// What this command wants of its client.
  ClientOptions options(ClientOptions usual) {
    return usual;
  }

  /// Does the work.
  ///
  /// @return the exit code
  abstract int run(MyelinClient client) throws Exception;

  /// Waits for an answer.
  ///
  /// @throws CompletionException with what it failed with
  static <T> T join(CompletableFuture<T> answer) {
    return answer.join();
  }

  private int fail(MyelinException e) {
    Complaints.say(err(), e);
    return FAILED;
  }

  final void complain(String text) {
    Complaints.say(err(), text);
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  final CommandSpec spec() {
    return spec;
  }
}
