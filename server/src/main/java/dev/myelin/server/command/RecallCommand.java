package dev.myelin.server.command;

import dev.myelin.client.MyelinClient;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.client.model.RecalledMemory;
import dev.myelin.client.model.Recollection;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.Terminal;
import dev.myelin.server.shell.TextTable;
import dev.myelin.server.shell.Times;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `myelin recall`.
@Command(
    name = "recall",
    description = "Finds the memories that answer a question best, or the newest without one.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin recall \"what did Ada say about the budget?\"",
      "  myelin recall trains --space travel --since 7d --person Ada --limit 3",
      "  myelin recall --tag decision --json | jq -r .content"
    })
public final class RecallCommand extends ClientCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "QUESTION",
      description = "What to look for, in words; quotes may be left out.")
  private List<String> question = List.of();

  @Mixin private SpaceOption space;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "10",
      description = "How many memories at most. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "TAG",
      description = "Only memories with this tag; may be given again: all of them.")
  private List<String> tags = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = TimeArgument.class,
      description = "Only what happened from then on: 2026-01-31, 2026-01-31T12:00:00Z, 2h, 7d.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = TimeArgument.class,
      description = "Only what happened until then.")
  private @Nullable Instant until;

  @Option(
      names = "--person",
      paramLabel = "NAME",
      description = "Only what this person took part in; may be given again: all of them.")
  private List<String> people = List.of();

  @Option(names = "--place", paramLabel = "NAME", description = "Only what happened there.")
  private @Nullable String place;

  @Option(
      names = "--min-confidence",
      paramLabel = "0..1",
      defaultValue = "0",
      description = "Only memories that are at least so sure.")
  private float minConfidence;

  @Option(names = "--json", description = "One JSON object on a line for each memory.")
  private boolean json;

  RecallCommand() {}

  @Override
  int run(MyelinClient client) {
    if (limit < 1 || limit > RecallQuery.MAX_RESULTS) {
      throw new ParameterException(
          spec().commandLine(),
          "--limit: " + limit + " (expected: 1 to " + RecallQuery.MAX_RESULTS + ")");
    }
    RecallQuery query =
        RecallQuery.in(space.name())
            .about(String.join(" ", question))
            .withLimit(limit)
            .withFilter(
                new RecallQuery.Filter(
                    since, until, minConfidence, tags, List.of(), people, place));
    Recollection answer = join(client.recall(query));
    if (json) {
      answer.memories().forEach(memory -> out().println(json(memory)));
    } else {
      print(answer);
    }
    out().flush();
    return OK;
  }

  private void print(Recollection answer) {
    if (answer.memories().isEmpty()) {
      out().println("Nothing like that is remembered in space " + space.name() + ".");
      return;
    }
    Terminal terminal = Terminal.detect();
    TextTable table = new TextTable(2, "LIKE", "WHEN", "WHAT", "ID");
    for (RecalledMemory memory : answer.memories()) {
      table.add(
          Float.isNaN(memory.similarity())
              ? "-"
              : String.format(Locale.ROOT, "%.2f", memory.similarity()),
          Times.minute(memory.when()),
          memory.content().isEmpty() ? "(no words)" : TextTable.flat(memory.content()),
          TextTable.fit(memory.id(), 36));
    }
    table.lines(terminal).forEach(out()::println);
    out()
        .println(
            terminal.dim(
                answer.memories().size() + " found in " + answer.took().toMillis() + " ms"));
  }

  private static JsonLine json(RecalledMemory memory) {
    return new JsonLine()
        .put("id", memory.id())
        .put("content", memory.content())
        .put("similarity", memory.similarity())
        .put("activation", memory.activation())
        .put("confidence", memory.confidence())
        .put("when", memory.when())
        .put("created_at", memory.committedAt())
        .put("tags", memory.tags())
        .put("people", memory.people())
        .put("place", memory.place())
        .put("metadata", memory.metadata());
  }
}
