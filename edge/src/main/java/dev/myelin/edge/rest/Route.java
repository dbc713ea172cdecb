package dev.myelin.edge.rest;

import dev.myelin.model.Scope;

/// Who answers a method on the paths of a template.
///
/// @param scope what a key needs for the library that the path names
public record Route(String method, PathTemplate path, Kind kind, Scope scope, RestHandler handler) {

  /// How a request is treated.
  public enum Kind {
    /// Its body is read whole before the handler runs, and it counts against the requests that may
    /// be at work at the same time.
    WHOLE,
    /// The same, but its handler itself knows a request that comes again, by its `Idempotency-Key`.
    WHOLE_ONCE,
    /// Its handler reads the body, or writes the answer, for as long as the client likes.
    STREAMED
  }

  public static Route of(String method, String path, RestHandler handler) {
    return new Route(method, PathTemplate.parse(path), Kind.WHOLE, usual(method), handler);
  }

  public static Route streamed(String method, String path, RestHandler handler) {
    return new Route(method, PathTemplate.parse(path), Kind.STREAMED, usual(method), handler);
  }

  /// Reading for GET, writing for what changes something.
  private static Scope usual(String method) {
    return method.equals("GET") ? Scope.READ : Scope.WRITE;
  }

  /// This route for keys of another scope.
  public Route needing(Scope other) {
    return new Route(method, path, kind, other, handler);
  }

  /// This route for a handler that itself knows what comes again.
  public Route answeringRepeats() {
    return new Route(method, path, Kind.WHOLE_ONCE, scope, handler);
  }
}
