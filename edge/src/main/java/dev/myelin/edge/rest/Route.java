package dev.myelin.edge.rest;

/// Who answers a method on the paths of a template.
public record Route(String method, PathTemplate path, Kind kind, RestHandler handler) {

  /// How a request is treated.
  public enum Kind {
    /// Its body is read whole before the handler runs, and it counts against the requests that may
    /// be at work at the same time.
    WHOLE,
    /// Its handler reads the body, or writes the answer, for as long as the client likes.
    STREAMED
  }

  public static Route of(String method, String path, RestHandler handler) {
    return new Route(method, PathTemplate.parse(path), Kind.WHOLE, handler);
  }

  public static Route streamed(String method, String path, RestHandler handler) {
    return new Route(method, PathTemplate.parse(path), Kind.STREAMED, handler);
  }
}
