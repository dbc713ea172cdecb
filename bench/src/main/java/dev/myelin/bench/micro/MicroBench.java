package dev.myelin.bench.micro;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `myelin bench micro`.
@Command(
    name = "micro",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure inner loops with JMH: the parser of embeddings, scans and coding of vectors, the",
      "journal. Each benchmark runs in a process of its own."
    },
    footer = {
      "",
      "  myelin bench micro --filter ParserBenchmark",
      "  myelin bench micro --filter 'VectorBenchmark.*Scan'"
    })
public final class MicroBench implements Callable<Integer> {
  private static final String OURS = "dev\\.myelin\\.bench\\..*";

  @Spec private CommandSpec spec;

  @Option(
      names = "--filter",
      paramLabel = "PATTERN",
      description = "Only benchmarks whose class and method match this regular expression.")
  private String filter = "";

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "Measured rounds of each, with as many to warm up (each benchmark's own).")
  private @Nullable Integer iterations;

  @Option(
      names = "--millis",
      paramLabel = "N",
      description = "Length of a round in milliseconds (each benchmark's own).")
  private @Nullable Integer millis;

  /// For picocli.
  public MicroBench() {}

  @Override
  public Integer call() throws RunnerException {
    Collection<RunResult> results = new Runner(options().build()).run();
    PrintWriter out = spec.commandLine().getOut();
    results.forEach(result -> out.println(row(result)));
    out.flush();
    return results.isEmpty() ? 1 : 0;
  }

  private ChainedOptionsBuilder options() {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(OURS + pattern())
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);
    if (iterations != null) {
      options.measurementIterations(iterations).warmupIterations(iterations);
    }
    if (millis != null) {
      TimeValue time = TimeValue.milliseconds(millis);
      options.measurementTime(time).warmupTime(time);
    }
    return options;
  }

  private String pattern() {
    try {
      return Pattern.compile(filter).pattern();
    } catch (PatternSyntaxException e) {
      throw new ParameterException(
          spec.commandLine(), "--filter: " + filter + " (expected: a regular expression)", e);
    }
  }

  private static String row(RunResult run) {
    Result<?> result = run.getPrimaryResult();
    List<String> parameters =
        run.getParams().getParamsKeys().stream()
            .map(key -> key + "=" + run.getParams().getParam(key))
            .toList();
    return String.format(
        Locale.ROOT,
        "%-36s %-16s %12.3f +- %10.3f %s",
        run.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"),
        String.join(" ", parameters),
        result.getScore(),
        result.getScoreError(),
        result.getScoreUnit());
  }
}
