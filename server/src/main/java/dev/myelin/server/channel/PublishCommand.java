package dev.myelin.server.channel;

import dev.myelin.client.channel.Channel;
import dev.myelin.client.channel.NewEvent;
import dev.myelin.client.channel.Published;
import dev.myelin.server.shell.JsonLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `myelin publish`.
@Command(
    name = "publish",
    description = {
      "Says something on a channel, for everybody who listens there, and tells its offset when it"
          + " is durable."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin publish team:core team.activity '{\"team_id\":\"core\"}'",
      "  myelin publish user:ann app.note '{\"n\":1}' --id import-4711    once, however often",
      "  myelin publish team:core app.hint --ephemeral                  for who listens now"
    })
public final class PublishCommand extends ChannelTask {
  @Parameters(
      index = "1",
      paramLabel = "TYPE",
      description = "What it is: lower case words with dots between, such as team.activity.")
  private String type = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "JSON",
      description = "What it tells, a JSON object. Default: {}.")
  private @Nullable String payload;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Within 24 hours, what has this id is said once.")
  private @Nullable String id;

  @Option(
      names = "--correlation-id",
      paramLabel = "ID",
      description = "What it belongs to; every listener is told.")
  private @Nullable String correlationId;

  @Option(names = "--ephemeral", description = "Only for who listens now: it is not kept.")
  private boolean ephemeral;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  PublishCommand() {}

  @Override
  void run(Channel channel) {
    Published done = channel.publish(event());
    if (json) {
      out().println(fields(done));
    } else if (ephemeral) {
      out().println("Said on " + name() + ".");
    } else if (done.duplicate()) {
      out().println("Said before on " + name() + ", offset " + done.offset() + ".");
    } else {
      out().println("Said on " + name() + ", offset " + done.offset() + ".");
    }
  }

  private NewEvent event() {
    NewEvent event;
    try {
      event = NewEvent.of(type, JsonArgument.object(payload == null ? "{}" : payload));
    } catch (IllegalArgumentException e) {
      throw wrong("JSON: " + e.getMessage());
    }
    event = id == null ? event : event.withId(id);
    event = correlationId == null ? event : event.withCorrelationId(correlationId);
    return ephemeral ? event.asEphemeral() : event;
  }

  private JsonLine fields(Published done) {
    JsonLine line = new JsonLine().put("channel", name());
    return ephemeral
        ? line.putAny("ephemeral", true)
        : line.put("id", done.id())
            .put("offset", done.offset())
            .put("epoch", done.epoch())
            .putAny("duplicate", done.duplicate());
  }
}
