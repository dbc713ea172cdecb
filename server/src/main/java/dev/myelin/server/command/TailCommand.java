package dev.myelin.server.command;

import dev.myelin.client.MyelinClient;
import dev.myelin.client.Tail;
import dev.myelin.client.TailListener;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.SpaceEvent;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.Terminal;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `myelin tail`.
@Command(
    name = "tail",
    description = "Follows live what happens in a space, until Ctrl-C.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  myelin tail --space notes", "  myelin tail --json | jq -r .content"})
public final class TailCommand extends ClientCommand {
  @Mixin private SpaceOption space;

  @Option(names = "--json", description = "One JSON object on a line for each event.")
  private boolean json;

  TailCommand() {}

  @Override
  int run(MyelinClient client) {
    join(client.spaces()); // says at once if there is no server, or another key is wanted
    Terminal terminal = Terminal.detect();
    try (Tail tail = client.tail(space.name(), new Printer(terminal))) {
      if (terminal.err()) {
        err().println(terminal.dim("following space " + space.name() + ", Ctrl-C ends"));
        err().flush();
      }
      join(tail.ended());
    }
    return OK;
  }

  private final class Printer implements TailListener {
    private final Terminal terminal;

    Printer(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void event(SpaceEvent event) {
      out().println(json ? json(event).toString() : line(event));
      out().flush();
    }

    @Override
    public void disconnected(MyelinException reason, Duration wait) {
      err().println("myelin: " + reason.text() + " Trying again.");
      err().flush();
    }

    private String line(SpaceEvent event) {
      String what =
          switch (event.kind()) {
            case STORED ->
                TextTable.flat(event.content().isEmpty() ? "(no words)" : event.content());
            case FORGOTTEN -> "forgotten";
            case RESTORED -> "is back";
            case INDEXED -> "has its embedding";
            case MISSED -> event.missed() + " events were missed";
            case OTHER -> event.metadata().getOrDefault("change", "something happened");
          };
      String place = event.memoryId().isEmpty() ? "" : "  " + TextTable.flat(event.memoryId());
      return terminal.dim(Times.second(event.at()) + place) + "  " + what;
    }
  }

  private static JsonLine json(SpaceEvent event) {
    JsonLine line =
        new JsonLine()
            .put("event", event.kind().name().toLowerCase(Locale.ROOT))
            .put("at", event.at())
            .put("space", event.space())
            .put("id", event.memoryId().isEmpty() ? null : event.memoryId())
            .put("content", event.kind() == SpaceEvent.Kind.STORED ? event.content() : null);
    if (event.sequence() > 0) {
      line.put("sequence", event.sequence());
    }
    if (event.missed() > 0) {
      line.put("missed", event.missed());
    }
    return line;
  }
}
