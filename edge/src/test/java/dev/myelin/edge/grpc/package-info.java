/// Checks of the gRPC surface with clients that know nothing of it: grpc-java, and plain HTTP.
@NullMarked
package dev.myelin.edge.grpc;

import org.jspecify.annotations.NullMarked;
