package dev.myelin.client.transport;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something made when it is first needed, once. Any thread.
final class Lazy<T> {
  private final Supplier<T> maker;
  private @Nullable T made;

  Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  synchronized T get() {
    if (made == null) {
      made = maker.get();
    }
    return made;
  }
}
