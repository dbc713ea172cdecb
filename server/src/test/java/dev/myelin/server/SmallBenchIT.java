package dev.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The benchmarks that print a few figures, at sizes that say nothing but that they work.
class SmallBenchIT {
  @Test
  void startsEmptyAndFilledAndRecalls() {
    List<String> lines = bench("start", "--memories", "1500", "--dimension", "32");

    assertThat(lines).hasSize(4);
    assertThat(lines.get(2)).matches("empty +[0-9.]+ +[0-9.]+");
    assertThat(lines.get(3)).matches("1500 memories +[0-9.]+ +[0-9.]+");
  }

  @Test
  void countsTheHeapOfIdleSessions() {
    List<String> lines = bench("sessions", "--count", "2000");

    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).matches("2000 idle sessions: [0-9]+ bytes of heap each .*");
  }

  @Test
  void asksFromSeveralThreadsAtOnce() {
    List<String> lines =
        bench(
            "recall",
            "--vectors",
            "500",
            "--dimension",
            "32",
            "--queries",
            "20",
            "--insert-rate",
            "100",
            "--threads",
            "3");

    assertThat(lines).hasSize(5);
    assertThat(lines.get(2)).contains("at once: /s");
    assertThat(lines.subList(3, 5)).allMatch(line -> line.split("\\|").length == 4);
  }

  @Test
  void tellsListenersOfALibraryOfEachChangeThoughOneNeverReads() {
    List<String> lines =
        bench(
            "library",
            "--part",
            "fanout",
            "--part",
            "idle",
            "--listeners",
            "20",
            "--stuck",
            "1",
            "--rate",
            "50",
            "--warmup",
            "1s",
            "--duration",
            "2s");

    assertThat(lines.get(2)).matches("myelin +20 +50 +2000 .*");
    assertThat(lines).filteredOn(line -> line.matches("(ws|socketio) +20 +50 +2000 .*")).hasSize(2);
    assertThat(lines.getLast()).matches("20 idle listeners: [0-9]+ bytes of heap each");
  }

  @Test
  void countsConnectionsTellsThemOfEventsAndTakesThemBack() {
    List<String> lines =
        bench(
            "gateway",
            "--connections",
            "300",
            "--idle",
            "1s",
            "--listeners",
            "20",
            "--deliveries",
            "1000",
            "--warmup",
            "1s",
            "--duration",
            "2s",
            "--reconnects",
            "50",
            "--within",
            "1s");

    assertThat(lines.get(1)).matches("300 connections, .*: [0-9]+ bytes each .*");
    assertThat(lines).anyMatch(line -> line.matches("connected in .*; idle: [0-9.]+ % of .*"));
    assertThat(lines).anyMatch(line -> line.matches("myelin +20 +50 +2000 .*"));
    assertThat(lines.getLast()).startsWith("50 came back in ").contains("10 events it missed");
  }

  @Test
  void fillsALibraryAndSearchesIt() {
    List<String> lines =
        bench(
            "library",
            "--part",
            "intake",
            "--part",
            "search",
            "--passages",
            "1500",
            "--searches",
            "20",
            "--texts",
            "40");

    assertThat(lines.get(1)).matches("embedded by the server: [0-9]+ passages/s; .*");
    assertThat(lines.get(2)).matches("given embeddings .*: [0-9]+ passages/s");
    assertThat(lines.subList(4, 7)).allMatch(line -> line.contains(" 20 asked; p50 "));
  }

  private static List<String> bench(String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] all = new String[options.length + 1];
    all[0] = "bench";
    System.arraycopy(options, 0, all, 1, options.length);

    int code = command.execute(all);

    assertThat(code).as("%s%s", out, err).isZero();
    return out.toString().lines().toList();
  }
}
