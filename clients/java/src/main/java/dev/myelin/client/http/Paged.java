package dev.myelin.client.http;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A list that is fetched page by page while it is gone through; each iteration begins anew.
///
/// Iterators are for one thread. `hasNext` and `next` block while a page is fetched, and throw a
/// [dev.myelin.client.model.MyelinException] if that fails.
public final class Paged<T> implements Iterable<T> {

  /// A page.
  ///
  /// @param next what the next page begins with; null after the last
  public record Page<T>(List<T> items, @Nullable String next) {}

  private final Function<@Nullable String, Page<T>> pages;

  /// A list whose pages are fetched so.
  ///
  /// @param pages fetches the page that begins there; null asks for the first
  public Paged(Function<@Nullable String, Page<T>> pages) {
    this.pages = pages;
  }

  @Override
  public Iterator<T> iterator() {
    return new Walk();
  }

  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  /// All of them at once.
  public List<T> toList() {
    return stream().toList();
  }

  private final class Walk implements Iterator<T> {
    private final Queue<T> fetched = new ArrayDeque<>();
    private @Nullable String next;
    private boolean ended;

    @Override
    public boolean hasNext() {
      while (fetched.isEmpty() && !ended) {
        Page<T> page = pages.apply(next);
        fetched.addAll(page.items());
        next = page.next();
        ended = next == null;
      }
      return !fetched.isEmpty();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return fetched.remove();
    }
  }
}
