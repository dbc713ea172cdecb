package dev.myelin.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hears the signals that ask a process to stop, before the JVM itself does.
///
/// The JVM would run all shutdown hooks at the same time, among them those by which libraries tear
/// down what is still in use here: the model's library crashes the process if its hook runs while
/// the model loads. So nothing but our own order runs. `sun.misc.Signal` is part of every JDK
/// (module `jdk.unsupported`) but is not to be named in sources, hence the reflection.
final class StopSignals {
  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

  private StopSignals() {}

  /// Runs a task on a thread of its own at the first signal; later ones are ignored. Where signals
  /// cannot be heard, the task is a shutdown hook.
  static void hear(Runnable stop) {
    Thread thread = Thread.ofPlatform().name("shutdown").unstarted(stop);
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      Object hearer =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(), new Class<?>[] {handler}, starting(thread));
      for (String name : NAMES) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), hearer);
      }
    } catch (ReflectiveOperationException _) {
      Runtime.getRuntime().addShutdownHook(thread);
    }
  }

  private static InvocationHandler starting(Thread thread) {
    return (proxy, method, arguments) ->
        switch (method.getName()) {
          case "handle" -> start(thread);
          case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
          case "hashCode" -> System.identityHashCode(proxy);
          default -> "the stop signals";
        };
  }

  private static @Nullable Object start(Thread thread) {
    synchronized (thread) {
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      }
    }
    return null;
  }
}
