package dev.myelin.edge.grpc;

import com.google.protobuf.MessageLite;
import java.util.concurrent.CompletableFuture;

/// What one request asks the engine to do.
///
/// @param <Q> the request
/// @param <A> the answer
@FunctionalInterface
public interface Operation<Q extends MessageLite, A extends MessageLite> {

  /// Begins it; never blocks.
  ///
  /// @throws dev.myelin.model.ServiceException if it cannot even begin
  CompletableFuture<A> begin(Q request, Caller caller);
}
