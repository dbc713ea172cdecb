package dev.myelin.journal.nativelib;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Threads for work that can wait: where processors are short the system prefers all others, so
/// that what somebody waits for is not behind it. They still get a share.
///
/// Linux has a priority for each thread and lets anybody lower it; elsewhere these are threads like
/// any other.
public final class BackgroundThreads {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);

  /// About a third of the weight of an ordinary thread.
  private static final int NICE = 5;

  private static final int THIS_THREAD = 0;

  /// `int setpriority(int which, id_t who, int prio)`.
  private static final Optional<MethodHandle> SET_PRIORITY = setPriority();

  private BackgroundThreads() {}

  /// Makes daemon threads of a name.
  public static ThreadFactory named(String name) {
    ThreadFactory threads = Thread.ofPlatform().name(name).daemon().factory();
    return work ->
        threads.newThread(() -> {
          lower();
          work.run();
        });
  }

  /// The same with a number behind the name, from 1 on.
  public static ThreadFactory numbered(String name) {
    ThreadFactory threads = Thread.ofPlatform().name(name, 1).daemon().factory();
    return work ->
        threads.newThread(() -> {
          lower();
          work.run();
        });
  }

  @SuppressWarnings("restricted") // the function has this form on every Linux
  private static Optional<MethodHandle> setPriority() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("setpriority")
        .map(at ->
            linker.downcallHandle(
                at, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT)));
  }

  /// Lowers the priority of the thread that calls.
  private static void lower() {
    if (SET_PRIORITY.isEmpty()) {
      return;
    }
    try {
      int result = (int) SET_PRIORITY.get().invokeExact(THIS_THREAD, THIS_THREAD, NICE);
      if (result != 0) {
        LOG.atDebug().log("The system does not lower this thread's priority");
      }
    } catch (Throwable e) {
      LOG.atDebug().setCause(e).log("This thread's priority cannot be lowered");
    }
  }
}
