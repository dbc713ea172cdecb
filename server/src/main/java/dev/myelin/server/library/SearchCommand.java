package dev.myelin.server.library;

import dev.myelin.client.library.LibraryClient;
import dev.myelin.client.library.model.Filter;
import dev.myelin.client.library.model.SearchAnswer;
import dev.myelin.client.library.model.SearchHit;
import dev.myelin.client.library.model.SearchMode;
import dev.myelin.client.library.model.SearchQuery;
import dev.myelin.server.shell.JsonLine;
import dev.myelin.server.shell.LibraryTask;
import dev.myelin.server.shell.Terminal;
import dev.myelin.server.shell.TextTable;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `myelin search`.
@Command(
    name = "search",
    description = "Finds the passages of a library that answer a question best.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  myelin search papers \"how do sleepy animals rest?\"",
      "  myelin search papers trains -k 3 --hybrid",
      "  myelin search papers \"error 4711\" --words",
      "  myelin search papers budget --filter author=Kim --filter \"year>=2020\" --filter tags~q3",
      "  myelin search papers budget --json | jq -r .text"
    })
public final class SearchCommand extends LibraryTask {
  private static final int TITLE_WIDTH = 28;

  @Parameters(index = "0", paramLabel = "LIBRARY", description = "The library.")
  private String library = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "QUESTION",
      description = "What to look for, in words; quotes may be left out.")
  private List<String> question = List.of();

  @Option(
      names = "-k",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many passages at most, 1 to 100. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "CONDITION",
      converter = FilterArgument.class,
      description = {
        "Only passages of documents for which this holds; may be given again: all of them.",
        "FIELD=VALUE, also != > >= < <=, and FIELD~PART for a part of a text or an element of a"
            + " list. Fields are title, author, document_type, source_url, tags,"
            + " created_at and the documents' own metadata."
      })
  private List<Filter> filters = List.of();

  @Option(names = "--hybrid", description = "Rank by words and meaning together, by score.")
  private boolean hybrid;

  @Option(
      names = "--words",
      description = "Rank by words alone, by score; so it is done where the server has no model.")
  private boolean words;

  @Option(
      names = "--max-distance",
      paramLabel = "0..2",
      defaultValue = "2",
      description = "Leave out what is further away. Default: all.")
  private double maxDistance;

  @Option(names = "--json", description = "One JSON object on a line for each passage.")
  private boolean json;

  SearchCommand() {}

  @Override
  protected int run(LibraryClient client) {
    SearchAnswer answer = client.search(library, query());
    if (json) {
      answer.hits().forEach(hit -> out().println(json(hit)));
    } else if (answer.hits().isEmpty()) {
      out().println("Nothing like that is in library " + library + ".");
    } else {
      print(answer);
    }
    return OK;
  }

  private SearchQuery query() {
    try {
      SearchQuery query =
          SearchQuery.about(String.join(" ", question).strip())
              .withK(k)
              .withMaxDistance(maxDistance)
              .where(filters.toArray(Filter[]::new));
      if (hybrid && words) {
        throw new IllegalArgumentException("--hybrid and --words: both (expected: one)");
      }
      return hybrid ? query.byWordsAndMeaning() : words ? query.byWords() : query;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void print(SearchAnswer answer) {
    Terminal terminal = Terminal.detect();
    boolean scored = answer.mode() == SearchMode.HYBRID || answer.mode() == SearchMode.WORDS;
    TextTable table = new TextTable(2, scored ? "SCORE" : "DISTANCE", "TITLE", "TEXT");
    for (SearchHit hit : answer.hits()) {
      String title = hit.documentTitle() == null ? "(streamed)" : hit.documentTitle();
      table.add(
          number(scored ? hit.score() : hit.distance()),
          TextTable.fit(title, TITLE_WIDTH),
          TextTable.flat(hit.text()));
    }
    table.lines(terminal).forEach(out()::println);
    String found = answer.hits().size() + " found in " + answer.took().toMillis() + " ms";
    out().println(terminal.dim(found));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String json(SearchHit hit) {
    return new JsonLine()
        .put("text", hit.text())
        .put("distance", (float) hit.distance())
        .put("score", (float) hit.score())
        .put("document_id", hit.documentId())
        .put("document_title", hit.documentTitle())
        .put("chunk_id", hit.passage().id())
        .put("chunk_index", hit.passage().index())
        .toString();
  }
}
