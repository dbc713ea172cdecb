package dev.myelin.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `myelin rehearse`: uses a server through all client commands, so that the start-up caches of
/// both hold the classes, and its own the method profiles, of real work. The launcher runs it once
/// after a build; nobody else needs it.
///
/// Commands run one after the other, round after round, until the time is up: the first round
/// always to its end.
@Command(
    name = "rehearse",
    hidden = true,
    description = "Uses a server of the launcher's own, to make the start-up caches.")
final class RehearseCommand implements Callable<Integer> {
  private static final int LINES = 1_500;
  private static final List<String> TRANSPORTS = List.of("binary", "grpc", "ws");
  private static final List<String> WORDS =
      List.of("Ada", "likes", "slow", "trains", "through", "the", "green", "hills", "at", "dawn");

  @Spec private CommandSpec spec;

  @Option(names = "--server", required = true, paramLabel = "URL")
  private String server = "";

  @Option(names = "--folder", required = true, paramLabel = "DIR")
  private Path folder = Path.of("");

  @Option(names = "--seconds", defaultValue = "4", paramLabel = "N")
  private int seconds;

  private final Random random = new Random(1);

  RehearseCommand() {}

  @Override
  public Integer call() throws IOException {
    int failed = libraries();
    List<Path> inputs = List.of(input("text", 0), input("small", 384), input("large", 768));
    tail();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    do {
      for (String transport : TRANSPORTS) {
        for (Path input : inputs) {
          failed += round(input, transport);
        }
      }
    } while (System.nanoTime() < end);
    PrintWriter out = spec.commandLine().getOut();
    out.println("Rehearsed; failed commands: " + failed);
    out.flush();
    return failed == 0 ? ExitCodes.OK : ExitCodes.INTERNAL;
  }

  /// Observes a file, then recalls, lists and forgets; how many commands failed.
  private int round(Path input, String transport) {
    String space = String.valueOf(input.getFileName());
    return run("observe", input.toString(), "--space", space, "--transport", transport)
        + run("recall", "trains", "at", "dawn", "--space", space)
        + run("recall", "hills", "--space", space, "--json", "--tag", "rehearsal")
        + run("spaces")
        + run("spaces", "--json")
        + run("forget", space + "-1", "--space", space, "--yes");
  }

  /// Uses a library once; how many commands failed. Other sorts of files than text bring parsers,
  /// whose classes would be in the way of those who do not need them.
  private int libraries() throws IOException {
    Path file = Files.writeString(folder.resolve("page.md"), "# Trains\n\n" + sentence());
    return run("library", "create", "rehearsal")
        + run("library", "list")
        + run("add", file.toString(), "--library", "rehearsal")
        + run("search", "rehearsal", "trains", "at", "dawn")
        + run("search", "rehearsal", "hills", "--json", "--filter", "document_title=Trains")
        + run("changes", "rehearsal");
  }

  /// Follows a space, until the process ends.
  private void tail() {
    Thread.ofPlatform().daemon().name("tail").start(() -> run("tail", "--space", "small"));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server");
    all.add(server);
    return Main.commandLine(arguments)
        .setOut(new PrintWriter(Writer.nullWriter()))
        .execute(all.toArray(String[]::new));
  }

  /// Lines of texts, or of JSON with an embedding of that length.
  private Path input(String name, int dimension) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      String text = sentence();
      if (dimension == 0 && i % 2 == 0) {
        lines.add(text);
      } else {
        lines.add(
            "{\"id\":\"%s-%d\",\"what\":\"%s\",\"tags\":[\"rehearsal\"]%s}"
                .formatted(name, i, text, dimension == 0 ? "" : embedding(dimension)));
      }
    }
    return Files.write(folder.resolve(name), lines);
  }

  private String sentence() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }

  private String embedding(int dimension) {
    StringBuilder numbers = new StringBuilder(",\"embedding\":[");
    for (int i = 0; i < dimension; i++) {
      numbers.append(i == 0 ? "" : ",").append((float) random.nextGaussian());
    }
    return numbers.append(']').toString();
  }
}
