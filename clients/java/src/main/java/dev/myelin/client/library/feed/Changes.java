package dev.myelin.client.library.feed;

import dev.myelin.client.http.BreakListener;
import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.Paged;
import dev.myelin.client.library.model.LibraryStatistics;
import dev.myelin.client.library.wire.LibraryForms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The changes of one library, in the order in which they became visible. Immutable; any thread.
///
/// To keep a copy: take [#lastOffset()], read the documents, then apply what came [#since(long)].
public final class Changes {
  private static final int PAGE = 500;

  private final Http http;
  private final String library;
  private final List<String> types;

  public Changes(Http http, String library) {
    this(http, library, List.of());
  }

  private Changes(Http http, String library, List<String> types) {
    this.http = http;
    this.library = library;
    this.types = types;
  }

  /// Only changes of these types, such as `document.added`, a group such as `document.*`, or
  /// `memory.added`, `chunk.added` and `chunk.deleted`, which are told only to those who ask for
  /// them.
  public Changes only(String... wanted) {
    return new Changes(http, library, List.of(wanted));
  }

  /// The offset of the newest change there is, 0 if there was none.
  public long lastOffset() {
    LibraryStatistics figures =
        LibraryForms.statistics(
            http.send(Call.get(Call.path("v1", "libraries", library, "statistics"))).json());
    return figures.lastOffset();
  }

  /// All changes after an offset, until there are no more; 0 begins with the first.
  ///
  /// Going through them throws a [dev.myelin.client.model.GoneException] if the offset is older
  /// than what the server keeps.
  public Paged<Change> since(long offset) {
    return new Paged<>(cursor -> {
      ChangePage page = page(cursor == null ? offset : Long.parseLong(cursor), PAGE);
      return new Paged.Page<>(page.changes(), page.hasMore() ? Long.toString(page.next()) : null);
    });
  }

  /// One page of changes after an offset.
  ///
  /// @param limit how many at most, 1 to 1 000
  /// @throws dev.myelin.client.model.GoneException if the offset is older than what the server
  ///   keeps
  public ChangePage page(long since, int limit) {
    Call call =
        Call.get(Call.path("v1", "libraries", library, "changes"))
            .with("since", since)
            .with("limit", limit)
            .with("event_types", joined());
    return ChangeForms.page(http.send(call).json());
  }

  /// Follows the library live: everything after an offset, without an end. See [ChangeFollower].
  public ChangeFollower follow(long after) {
    return follow(after, (_, _) -> {});
  }

  /// Follows the library live, and tells when the connection broke.
  public ChangeFollower follow(long after, BreakListener listener) {
    Call call =
        Call.get("/v1/events/stream").with("library_id", library).with("event_types", joined());
    return new ChangeFollower(http, call, after, listener);
  }

  private @Nullable String joined() {
    return types.isEmpty() ? null : String.join(",", types);
  }
}
