package dev.myelin.edge.grpc.call;

/// One method of a service.
@FunctionalInterface
public interface Rpc {

  /// A client calls it; on the call's event loop. Messages come after the return.
  ///
  /// @throws dev.myelin.model.ServiceException refuses the call with its status
  CallListener begin(Call call);
}
