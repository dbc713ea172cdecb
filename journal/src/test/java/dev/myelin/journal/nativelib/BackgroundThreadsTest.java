package dev.myelin.journal.nativelib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BackgroundThreadsTest {
  private static final Path SELF = Path.of("/proc/thread-self/stat");

  @Test
  void areDaemonsOfTheName() throws InterruptedException {
    ThreadFactory factory = BackgroundThreads.numbered("work-");
    List<Thread> threads = List.of(factory.newThread(() -> {}), factory.newThread(() -> {}));

    assertThat(threads).extracting(Thread::getName).containsExactly("work-1", "work-2");
    assertThat(threads).allMatch(Thread::isDaemon);
    assertThat(BackgroundThreads.named("other").newThread(() -> {}).getName()).isEqualTo("other");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has a priority for each thread")
  void comeAfterTheThreadThatMadeThem() {
    int own = nice();
    CompletableFuture<Integer> theirs = new CompletableFuture<>();

    BackgroundThreads.named("work").newThread(() -> theirs.complete(nice())).start();

    assertThat(theirs.join()).isGreaterThanOrEqualTo(Math.max(own, 5));
    assertThat(nice()).isEqualTo(own);
  }

  /// Field 19 of `/proc/PID/stat`; the name in field 2 may hold spaces.
  private static int nice() {
    try {
      String all = Files.readString(SELF);
      String[] fields = all.substring(all.lastIndexOf(')') + 2).split(" ", -1);
      return Integer.parseInt(fields[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
