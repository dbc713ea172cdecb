package dev.myelin.server.command;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.MyelinClient;
import dev.myelin.client.Transport;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.server.shell.ProgressBar;
import dev.myelin.server.shell.Terminal;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `myelin observe`.
@Command(
    name = "observe",
    description = {
      "Streams lines into a space: each becomes a memory, durable and found at once.",
      "",
      "A line is a text, or a JSON object with what (or content, text) and, where known, id,"
          + " when, embedding, confidence, tags, people, place, metadata. A bad line is named"
          + " and left out."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  echo \"Ada likes trains\" | myelin observe",
      "  myelin observe diary.txt --space notes",
      "  myelin observe events.jsonl --format jsonl --connections 4",
      "",
      "Exit codes: 0 all remembered, 1 something was left out, 2 wrong usage."
    })
public final class ObserveCommand extends ClientCommand {
  private static final int MAX_CONNECTIONS = 64;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files to read, - for standard input, which is also the default.")
  private List<String> files = List.of();

  @Mixin private SpaceOption space;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description = "auto (by each line's first character), text or jsonl. Default: auto.")
  private LineFormat format = LineFormat.AUTO;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many connections at a time; lines keep their order on one. Default: 1.")
  private int connections;

  @Option(
      names = "--priority",
      paramLabel = "LANE",
      defaultValue = "normal",
      description = "high, normal or low. Default: normal.")
  private Priority priority = Priority.NORMAL;

  @Option(
      names = "--transport",
      paramLabel = "KIND",
      defaultValue = "binary",
      description = "ws (JSON), binary (protobuf over WebSocket) or grpc. Default: binary.")
  private Wire transport = Wire.BINARY;

  ObserveCommand() {}

  /// Transports by the names that they have here.
  enum Wire {
    WS(Transport.JSON),
    BINARY(Transport.BINARY),
    GRPC(Transport.GRPC);

    private final Transport transport;

    Wire(Transport transport) {
      this.transport = transport;
    }
  }

  @Override
  ClientOptions options(ClientOptions usual) {
    return usual.withTransport(transport.transport);
  }

  @Override
  int run(MyelinClient client) throws IOException {
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new ParameterException(
          spec().commandLine(),
          "--connections: " + connections + " (expected: 1 to " + MAX_CONNECTIONS + ")");
    }
    Terminal terminal = Terminal.detect();
    List<String> inputs = files.isEmpty() ? List.of("-") : files;
    if (inputs.contains("-") && terminal.in()) {
      err().println(terminal.dim("one observation on a line, Ctrl-D ends"));
      err().flush();
    }
    try (Feeder feeder =
        Feeder.open(
            client,
            new Feeder.Options(space.name(), connections, priority, length(inputs)),
            new ProgressBar(err(), terminal, "remembered"))) {
      Thread atExit = Thread.ofPlatform().unstarted(() -> out().println(feeder.stop()));
      Runtime.getRuntime().addShutdownHook(atExit);
      for (String input : inputs) {
        feed(feeder, input);
      }
      out().println(feeder.finish());
      out().flush();
      Runtime.getRuntime().removeShutdownHook(atExit);
      return feeder.isClean() ? OK : FAILED;
    }
  }

  /// How many bytes there are to read, or -1 if nobody knows.
  private static long length(List<String> inputs) {
    long sum = 0;
    for (String input : inputs) {
      try {
        sum +=
            input.equals("-") || !Files.isRegularFile(Path.of(input))
                ? -1
                : Files.size(Path.of(input));
      } catch (IOException _) {
        return -1;
      }
      if (input.equals("-")) {
        return -1;
      }
    }
    return sum;
  }

  private void feed(Feeder feeder, String input) {
    String name = input.equals("-") ? "standard input" : input;
    try (LineReader lines =
        new LineReader(
            input.equals("-") ? System.in : new BufferedInputStream(new FileInputStream(input)))) {
      LineParser parser = new LineParser(format);
      boolean more = true;
      while (more && !feeder.isOver()) {
        more = feedLine(feeder, name, lines, parser);
      }
      feeder.read(lines.bytes());
    } catch (IOException _) {
      feeder.badFile(name, reason(input));
    }
  }

  private static boolean feedLine(Feeder feeder, String name, LineReader lines, LineParser parser)
      throws IOException {
    try {
      @Nullable String line = lines.next();
      if (line == null) {
        return false;
      }
      Optional<Observation> observation = parser.parse(line);
      if (observation.isPresent()) {
        feeder.send(observation.get(), name, lines.number(), lines.bytes());
      }
    } catch (BadLine e) {
      feeder.badLine(name, lines.number(), e.text());
    }
    return true;
  }

  private static String reason(String input) {
    if (Files.isDirectory(Path.of(input))) {
      return "it is a folder (expected: a file)";
    }
    return Files.exists(Path.of(input)) ? "it cannot be read" : "there is no such file";
  }
}
