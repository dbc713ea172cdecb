package dev.myelin.client.library;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Cursors;
import dev.myelin.client.http.Http;
import dev.myelin.client.http.Paged;
import dev.myelin.client.library.model.LibraryChange;
import dev.myelin.client.library.model.LibraryInfo;
import dev.myelin.client.library.model.LibraryStatistics;
import dev.myelin.client.library.model.NewLibrary;
import dev.myelin.client.library.wire.LibraryForms;

/// Makes, lists, changes and deletes libraries. Any thread; calls block, and throw as
/// [LibraryClient] says.
public final class Libraries {
  private final Http http;

  Libraries(Http http) {
    this.http = http;
  }

  private static String one(String id) {
    return Call.path("v1", "libraries", id);
  }

  /// Makes a library; status 409 if there is one of that id.
  public LibraryInfo create(NewLibrary library) {
    Call call = Call.post("/v1/libraries", LibraryForms.of(library)).withIdempotencyKey();
    return LibraryForms.info(http.send(call).json());
  }

  /// All libraries that the key may read, in order of id.
  public Paged<LibraryInfo> list() {
    return Cursors.list(http, Call.get("/v1/libraries"), LibraryForms::info);
  }

  /// A library; status 404 if there is none.
  public LibraryInfo get(String id) {
    return LibraryForms.info(http.send(Call.get(one(id))).json());
  }

  /// Changes a library, whatever its version.
  public LibraryInfo update(String id, LibraryChange change) {
    return LibraryForms.info(http.send(Call.patch(one(id), LibraryForms.of(change))).json());
  }

  /// Changes a library; status 412 if it has another version meanwhile.
  public LibraryInfo update(String id, LibraryChange change, long ifVersion) {
    Call call = Call.patch(one(id), LibraryForms.of(change)).ifVersion(ifVersion);
    return LibraryForms.info(http.send(call).json());
  }

  /// Deletes a library with all its documents and memories; who follows it is told.
  public void delete(String id) {
    var _ = http.send(Call.delete(one(id)));
  }

  public LibraryStatistics statistics(String id) {
    return LibraryForms.statistics(http.send(Call.get(one(id) + "/statistics")).json());
  }
}
