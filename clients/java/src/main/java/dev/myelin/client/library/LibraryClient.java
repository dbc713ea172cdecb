package dev.myelin.client.library;

import dev.myelin.client.ClientOptions;
import dev.myelin.client.admin.Keys;
import dev.myelin.client.admin.Tenants;
import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import dev.myelin.client.job.Jobs;
import dev.myelin.client.library.feed.Changes;
import dev.myelin.client.library.model.SearchAnswer;
import dev.myelin.client.library.model.SearchMode;
import dev.myelin.client.library.model.SearchQuery;
import dev.myelin.client.library.wire.SearchForms;
import dev.myelin.client.webhook.Webhooks;
import java.net.URI;

/// A client of the libraries of one Myelin server. Any thread; one per server is enough.
///
/// **Blocking.** Each call waits for its answer: call on virtual threads what should run side by
/// side. An interrupt ends a call.
///
/// **Errors.** What the server refuses is a [dev.myelin.client.model.ProblemException] with its
/// status, kind, text and request id; without an answer it is a
/// [dev.myelin.client.model.MyelinException].
///
/// **Repeats.** A read, and a POST that makes something, is sent up to
/// [dev.myelin.client.http.Http#MAX_ATTEMPTS] times, with growing waits, when the connection breaks
/// or the server has no room; the latter with an `Idempotency-Key` of its own, so that nothing is
/// made twice. Updates, deletions and lines are sent once.
///
/// Of [ClientOptions] it takes the key, the certificates, the time outs, the watchdog (of followed
/// changes) and the waits of the retry policy.
public final class LibraryClient implements AutoCloseable {
  private final Http http;

  private LibraryClient(Http http) {
    this.http = http;
  }

  /// A client of the server at an address such as `http://127.0.0.1:8080`, or `https://...`.
  ///
  /// @throws IllegalArgumentException if it is no such address
  public static LibraryClient connect(String server) {
    return connect(URI.create(server), ClientOptions.DEFAULT);
  }

  /// A client of the server at an address such as `http://127.0.0.1:8080`, or `https://...`.
  ///
  /// @throws IllegalArgumentException if it is no such address, or the certificates cannot be read
  public static LibraryClient connect(URI server, ClientOptions options) {
    return new LibraryClient(new Http(server, options));
  }

  /// What libraries there are.
  public Libraries libraries() {
    return new Libraries(http);
  }

  /// The documents of a library.
  public Documents documents(String library) {
    return new Documents(http, library);
  }

  /// The changes of a library.
  public Changes changes(String library) {
    return new Changes(http, library);
  }

  /// Looks for passages in a library.
  public SearchAnswer search(String library, SearchQuery query) {
    String path = Call.path("v1", "libraries", library, "search");
    Call call =
        Call.question(
            query.mode() == SearchMode.HYBRID ? path + "/hybrid" : path, SearchForms.of(query));
    return SearchForms.answer(http.send(call).json());
  }

  /// What the server does in the background.
  public Jobs jobs() {
    return new Jobs(http);
  }

  /// Who is told of what happens, by HTTP.
  public Webhooks webhooks() {
    return new Webhooks(http);
  }

  /// The tenants of the server: for whoever runs it.
  public Tenants tenants() {
    return new Tenants(http);
  }

  /// The API keys of the tenant.
  public Keys keys() {
    return new Keys(http);
  }

  /// Ends all connections at once, and with them what is under way.
  @Override
  public void close() {
    http.close();
  }
}
