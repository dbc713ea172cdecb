package dev.myelin.bench.recall;

import dev.myelin.bench.recall.Locomo.Conversation;
import dev.myelin.bench.recall.Locomo.Question;
import dev.myelin.memory.embedding.Embedder;
import dev.myelin.memory.embedding.EmbeddingConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/// Streams the turns of long conversations into a fresh engine, asks every question whose evidence
/// is known, and prints how much of the evidence is among the first results. No language model
/// takes part.
final class LocomoRecall {
  private final int top;

  private LocomoRecall(int top) {
    this.top = top;
  }

  /// A way to ask an engine.
  @FunctionalInterface
  private interface Way {
    List<String> ask(Conversation conversation, String question, int max);
  }

  /// Measures all conversations of a file.
  ///
  /// @param top how many results count
  static void run(Path file, int top, PrintWriter out) throws IOException, InterruptedException {
    new LocomoRecall(top).run(Locomo.read(file), out);
  }

  private void run(List<Conversation> conversations, PrintWriter out)
      throws IOException, InterruptedException {
    try (Embedder embedder = Embedder.open(EmbeddingConfig.DEFAULT).orElseThrow();
        RecallLab words = new RecallLab(null);
        RecallLab both = new RecallLab(embedder)) {
      embedder.embedQuery("Load the model before the clock runs.");
      for (Conversation conversation : conversations) {
        words.remember(conversation);
      }
      ingest(conversations, both, out);
      out.printf("%-20s", "evidence recall@" + top);
      conversations.forEach(conversation -> out.printf(" %8s", conversation.id()));
      out.printf(" %8s %9s %9s%n", "all", "p50 ms", "p99 ms");
      print(conversations, "words only", words::about, out);
      print(conversations, "vectors only", both::near, out);
      print(conversations, "plain rank fusion", both::byRanks, out);
      print(conversations, "Myelin's default", both::about, out);
    }
    out.flush();
  }

  private static void ingest(List<Conversation> conversations, RecallLab lab, PrintWriter out)
      throws InterruptedException {
    int turns = conversations.stream().mapToInt(one -> one.turns().size()).sum();
    int questions = conversations.stream().mapToInt(one -> one.questions().size()).sum();
    long begin = System.nanoTime();
    for (Conversation conversation : conversations) {
      lab.remember(conversation);
    }
    long acknowledged = System.nanoTime();
    for (Conversation conversation : conversations) {
      lab.awaitEmbeddings(conversation);
    }
    out.printf(
        Locale.ROOT,
        "%d conversations, %d turns, %d questions; acknowledged after %.2f s, embedded after %.1f s%n",
        conversations.size(),
        turns,
        questions,
        (acknowledged - begin) / 1e9,
        (System.nanoTime() - begin) / 1e9);
    out.flush();
  }

  private void print(List<Conversation> conversations, String title, Way way, PrintWriter out) {
    Histogram micros = new Histogram(3);
    double sum = 0;
    int asked = 0;
    out.printf("%-20s", title);
    for (Conversation conversation : conversations) {
      double found = 0;
      for (Question question : conversation.questions()) {
        long begin = System.nanoTime();
        List<String> ids = way.ask(conversation, question.text(), top);
        micros.recordValue(Duration.ofNanos(System.nanoTime() - begin).toNanos() / 1_000);
        found += share(question, ids);
      }
      out.printf(Locale.ROOT, " %8.3f", found / conversation.questions().size());
      sum += found;
      asked += conversation.questions().size();
    }
    out.printf(
        Locale.ROOT,
        " %8.3f %9.2f %9.2f%n",
        sum / asked,
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3);
    out.flush();
  }

  private static double share(Question question, List<String> ids) {
    return (double) question.evidence().stream().filter(ids::contains).count()
        / question.evidence().size();
  }
}
