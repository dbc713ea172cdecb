/// gRPC and gRPC-Web calls over HTTP: framing, compression, status, deadlines, flow control.
///
/// Knows no service. A [CallRouter] finds the [Rpc] of a request and gives it a [Call]; all of a
/// call runs on its connection's event loop. Protocol: the gRPC project's PROTOCOL-HTTP2 and
/// PROTOCOL-WEB.
@NullMarked
package dev.myelin.edge.grpc.call;

import org.jspecify.annotations.NullMarked;
