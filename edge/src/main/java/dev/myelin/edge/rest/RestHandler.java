package dev.myelin.edge.rest;

/// Answers a request, on a virtual thread: it may block.
@FunctionalInterface
public interface RestHandler {

  /// Answers a request.
  ///
  /// @throws dev.myelin.model.ServiceException becomes a problem document with its status
  /// @throws RestException becomes a problem document with the status that it has
  RestAnswer handle(RestRequest request);
}
