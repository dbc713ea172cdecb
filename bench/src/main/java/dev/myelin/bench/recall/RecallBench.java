package dev.myelin.bench.recall;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `myelin bench recall`.
@Command(
    name = "recall",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "How good recall is, and how fast: how much of the evidence that questions need is recalled",
      "(--locomo), or how many of the truly nearest points (--vectors)."
    },
    footer = {"", "  myelin bench recall --vectors 10000,100000"})
public final class RecallBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /// What is recalled.
  static final class Subject {
    @Option(
        names = "--locomo",
        paramLabel = "FILE",
        description = "LoCoMo's JSON file: a list of {sample_id, conversation, qa}.")
    private @Nullable Path locomo;

    @Option(
        names = "--vectors",
        paramLabel = "N",
        split = ",",
        description = "Random points, as many as said; several sizes with commas.")
    private @Nullable List<Integer> vectors;
  }

  @ArgGroup(multiplicity = "1")
  private Subject subject = new Subject();

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "With --locomo: how many results count (${DEFAULT-VALUE}).")
  private int top = 10;

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description = "With --vectors: length of a vector (${DEFAULT-VALUE}).")
  private int dimension = 768;

  @Option(
      names = "--queries",
      paramLabel = "N",
      description = "With --vectors: how many (${DEFAULT-VALUE}).")
  private int queries = 1_000;

  @Option(
      names = "--insert-rate",
      paramLabel = "N",
      description = "With --vectors: points a second in the second round (${DEFAULT-VALUE}).")
  private int insertRate = 5_000;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "With --vectors: ask again from so many threads at once (${DEFAULT-VALUE}).")
  private int threads = 1;

  /// For picocli.
  public RecallBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (subject.locomo != null) {
      LocomoRecall.run(subject.locomo, top, out);
    } else if (subject.vectors != null) {
      new VectorRecall(subject.vectors, dimension, queries, insertRate, threads).run(out);
    }
    return 0;
  }
}
