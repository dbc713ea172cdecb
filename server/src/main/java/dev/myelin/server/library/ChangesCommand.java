package dev.myelin.server.library;

import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.feed.Change;
import dev.myelin.client.library.feed.ChangeFollower;
import dev.myelin.client.library.feed.Changes;
import dev.myelin.client.model.MyelinException;
import dev.myelin.server.shell.Complaints;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.Terminal;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `myelin changes`.
@Command(
    name = "changes",
    description = {
      "Tells the changes of a library in order, each once, with its offset.",
      "",
      "With --follow it goes on until Ctrl-C, and comes back by itself after a broken connection,"
          + " without gap or repeat."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin changes papers                          all that is kept",
      "  myelin changes papers --follow                 from now on",
      "  myelin changes papers --follow --since 1234    behind what was seen last",
      "  myelin changes papers --type document.* --json | jq -r .data.title"
    })
public final class ChangesCommand extends LibraryTask {
  @Parameters(paramLabel = "LIBRARY", description = "The library.")
  private String library = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what happens.")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "OFFSET",
      description = "Begin behind this offset. Default: 0, the beginning; with --follow, now.")
  private @Nullable Long since;

  @Option(
      names = {"-t", "--type"},
      paramLabel = "TYPE",
      description =
          "Only changes of this type, such as document.added or document.*; may be given"
              + " again. Default: all but memory.added, chunk.added and chunk.deleted.")
  private List<String> types = List.of();

  @Option(names = "--json", description = "One JSON object on a line for each change.")
  private boolean json;

  ChangesCommand() {}

  @Override
  protected int run(LibraryClient client) {
    Changes changes = client.changes(library).only(types.toArray(String[]::new));
    Terminal terminal = Terminal.detect();
    if (!follow) {
      changes.since(since == null ? 0 : since).forEach(change -> tell(change, terminal));
      return OK;
    }
    long from = since == null ? changes.lastOffset() : since;
    if (terminal.err()) {
      err().println(terminal.dim("following library " + library + ", Ctrl-C ends"));
      err().flush();
    }
    try (ChangeFollower follower = changes.follow(from, (why, _) -> broke(why))) {
      while (true) {
        tell(follower.next(), terminal);
        out().flush();
      }
    }
  }

  private void broke(MyelinException reason) {
    Complaints.say(err(), reason.text() + " Trying again.");
  }

  private void tell(Change change, Terminal terminal) {
    out().println(json ? json(change) : line(change, terminal));
  }

  private static String line(Change change, Terminal terminal) {
    String where = Times.second(change.at()) + "  " + change.offset();
    return terminal.dim(where) + "  " + change.type() + "  " + TextTable.flat(what(change));
  }

  private static String what(Change change) {
    Object id = change.data().get("document_id");
    Object title = change.data().get("title");
    if (id == null) {
      return change.data().isEmpty() ? "" : change.data().toString();
    }
    return title == null ? id.toString() : title + " (" + id + ")";
  }

  private static String json(Change change) {
    return new JsonLine()
        .put("offset", change.offset())
        .put("event_type", change.type())
        .put("library_id", change.libraryId())
        .put("event_id", change.eventId())
        .put("timestamp", change.at())
        .putAny("data", change.data())
        .toString();
  }
}
