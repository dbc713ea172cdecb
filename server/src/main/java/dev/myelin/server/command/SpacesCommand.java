package dev.myelin.server.command;

import dev.myelin.client.MyelinClient;
import dev.myelin.client.model.SpaceInfo;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.Terminal;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `myelin spaces`.
@Command(
    name = "spaces",
    description = "Lists the memory spaces of a server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  myelin spaces", "  myelin spaces --json | jq -r .name"})
public final class SpacesCommand extends ClientCommand {
  @Option(names = "--json", description = "One JSON object on a line for each space.")
  private boolean json;

  SpacesCommand() {}

  @Override
  int run(MyelinClient client) {
    List<SpaceInfo> spaces = join(client.spaces());
    if (json) {
      spaces.forEach(space -> out().println(json(space)));
    } else if (spaces.isEmpty()) {
      out().println("There is no space yet. Make one: echo hello | ./myelin observe");
    } else {
      print(spaces);
    }
    out().flush();
    return OK;
  }

  private void print(List<SpaceInfo> spaces) {
    TextTable table =
        new TextTable(0, "SPACE", "MEMORIES", "DIMENSION", "NEWEST", "UNINDEXED", "UNEMBEDDED");
    for (SpaceInfo space : spaces) {
      table.add(
          space.name(),
          String.format(Locale.ROOT, "%,d", space.memories()),
          space.dimension() == 0 ? "-" : Integer.toString(space.dimension()),
          Times.minute(space.newest()),
          Long.toString(space.indexLag()),
          Long.toString(space.embeddingLag()));
    }
    table.lines(Terminal.detect()).forEach(out()::println);
  }

  private static JsonLine json(SpaceInfo space) {
    return new JsonLine()
        .put("name", space.name())
        .put("memories", space.memories())
        .put("dimension", space.dimension())
        .put("last_sequence", space.lastSequence())
        .put("created_at", space.createdAt())
        .put("oldest", space.oldest())
        .put("newest", space.newest())
        .put("index_lag", space.indexLag())
        .put("embedding_lag", space.embeddingLag());
  }
}
