package dev.myelin.server.channel;

import dev.myelin.client.channel.Channel;
import dev.myelin.client.channel.ChannelEvent;
import dev.myelin.client.channel.ChannelFollower;
import dev.myelin.client.channel.EventPage;
import dev.myelin.client.channel.Position;
import dev.myelin.server.shell.Complaints;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.Terminal;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `myelin listen`.
@Command(
    name = "listen",
    description = {
      "Tells what is said on a channel in order, each event once, until Ctrl-C; and comes back by"
          + " itself after a broken connection, without gap or repeat."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin listen team:core                                from now on",
      "  myelin listen team:core --all                          first all that is kept",
      "  myelin listen library:papers --json | jq -r .type      what changes in a library",
      "  myelin listen user:ann -n 1                            the next event, then end"
    })
public final class ListenCommand extends ChannelTask {
  @Option(names = "--all", description = "Begin with the oldest event that is kept. Default: now.")
  private boolean all;

  @Option(names = "-n", paramLabel = "N", description = "End after so many events. Default: go on.")
  private @Nullable Long most;

  @Option(names = "--json", description = "One JSON object on a line for each event.")
  private boolean json;

  ListenCommand() {}

  @Override
  void run(Channel channel) {
    Position from = all ? oldest(channel) : channel.position();
    Terminal terminal = Terminal.detect();
    if (terminal.err()) {
      err().println(terminal.dim("listening to " + name() + ", Ctrl-C ends"));
      err().flush();
    }
    try (ChannelFollower follower =
        channel.follow(from, (why, _) -> Complaints.say(err(), why.text() + " Trying again."))) {
      long left = most == null ? Long.MAX_VALUE : most;
      for (; left > 0; left--) {
        ChannelEvent event = follower.next();
        out().println(json ? json(event) : line(event, terminal));
        out().flush();
      }
    }
  }

  /// Right before the oldest event that is kept.
  private static Position oldest(Channel channel) {
    EventPage page = channel.page(null, 1);
    long offset =
        page.events().isEmpty() ? page.lastOffset() : page.events().getFirst().offset() - 1;
    return new Position(page.epoch(), offset);
  }

  private static String line(ChannelEvent event, Terminal terminal) {
    String offset = event.isEphemeral() ? "-" : Long.toString(event.offset());
    String told = new JsonLine().putAny("payload", event.payload()).toString();
    String payload = told.substring("{\"payload\":".length(), told.length() - 1);
    return terminal.dim(Times.second(event.at()) + "  " + offset)
        + "  "
        + TextTable.flat(event.type() + "  " + payload);
  }

  private static String json(ChannelEvent event) {
    return new JsonLine()
        .put("id", event.id())
        .put("channel", event.channel())
        .put("type", event.type())
        .putAny("offset", event.isEphemeral() ? null : event.offset())
        .put("timestamp", event.at())
        .put("correlation_id", event.correlationId())
        .putAny("payload", event.payload())
        .toString();
  }
}
