package dev.myelin.server.channel;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.RetryPolicy;
import dev.myelin.client.channel.Channel;
import dev.myelin.client.channel.ChannelClient;
import dev.myelin.client.model.MyelinException;
import dev.myelin.server.shell.Complaints;
import dev.myelin.server.shell.ServerOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A command that works with one channel: makes the client, and says what went wrong in a line or
/// two.
abstract class ChannelTask implements Callable<Integer> {
  private static final int OK = 0;
  private static final int FAILED = 1;

  /// Who waits at a terminal is told soon that there is no server.
  private static final RetryPolicy IMPATIENT =
      new RetryPolicy(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofMinutes(4));

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Parameters(
      index = "0",
      paramLabel = "CHANNEL",
      description = "Its name: team:core, user:ann, conversation:c1, notifications, system ...")
  private String name = "";

  @Override
  public final Integer call() {
    try (ChannelClient client = server.channels(ClientOptions.DEFAULT.withRetry(IMPATIENT))) {
      run(channel(client));
      return OK;
    } catch (MyelinException e) {
      Complaints.say(err(), e);
      return FAILED;
    } finally {
      out().flush();
    }
  }

  private Channel channel(ChannelClient client) {
    try {
      return client.channel(name);
    } catch (IllegalArgumentException _) {
      throw wrong("\"" + name + "\" is no channel (expected: for example team:core)");
    }
  }

  /// Does the work.
  abstract void run(Channel channel);

  final String name() {
    return name;
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  final ParameterException wrong(String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
