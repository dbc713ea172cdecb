package dev.myelin.edge.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.myelin.edge.grpc.call.Rpc;
import java.util.Map;

/// A service that is served beside the memory service.
///
/// @param file declares it; reflection tells of it
/// @param name with its package, such as `myelin.v1.ChannelService`
/// @param rpcs by the name of the method
public record GrpcModule(FileDescriptor file, String name, Map<String, Rpc> rpcs) {
  public GrpcModule {
    rpcs = Map.copyOf(rpcs);
  }
}
