package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.edge.grpc.call.Rpc;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.ServiceException;
import dev.myelin.proto.grpc.health.v1.HealthCheckRequest;
import dev.myelin.proto.grpc.health.v1.HealthCheckResponse;
import dev.myelin.proto.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.myelin.proto.grpc.health.v1.HealthListRequest;
import dev.myelin.proto.grpc.health.v1.HealthListResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The standard health service. The server and its services are ready together.
final class HealthRpcs {
  static final String SERVICE = "grpc.health.v1.Health";

  private static final long WATCH_MILLIS = 1_000;

  private final Set<String> services;
  private final BooleanSupplier ready;

  /// @param services names that can be asked for, beside the empty one
  HealthRpcs(Set<String> services, BooleanSupplier ready) {
    this.services = Set.copyOf(services);
    this.ready = ready;
  }

  Map<String, Rpc> rpcs() {
    return Map.of(
        "/" + SERVICE + "/Check",
        Replies.unary(HealthCheckRequest.getDefaultInstance(), (request, caller) -> check(request)),
        "/" + SERVICE + "/List",
        Replies.unary(HealthListRequest.getDefaultInstance(), (request, caller) -> list()),
        "/" + SERVICE + "/Watch",
        call -> new Watch(call));
  }

  private CompletableFuture<HealthCheckResponse> check(HealthCheckRequest request) {
    ServingStatus status = status(request.getService());
    if (status == ServingStatus.SERVICE_UNKNOWN) {
      throw new ServiceException(
          ErrorCode.NOT_FOUND,
          "Unknown service: "
              + Excerpt.of(request.getService())
              + " (expected: one of "
              + services
              + ", or nothing for the server).");
    }
    return CompletableFuture.completedFuture(response(status));
  }

  private CompletableFuture<HealthListResponse> list() {
    HealthListResponse.Builder all =
        HealthListResponse.newBuilder().putStatuses("", response(status("")));
    services.forEach(service -> all.putStatuses(service, response(status(service))));
    return CompletableFuture.completedFuture(all.build());
  }

  private ServingStatus status(String service) {
    if (!service.isEmpty() && !services.contains(service)) {
      return ServingStatus.SERVICE_UNKNOWN;
    }
    return ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }

  /// Tells the state, and again when it has changed.
  private final class Watch extends SingleRequest<HealthCheckRequest> implements CallListener {
    private final Call call;
    private @Nullable ServingStatus told;
    private long timer = -1;

    Watch(Call call) {
      super(Messages.of(HealthCheckRequest.getDefaultInstance()));
      this.call = call;
    }

    @Override
    protected void handle(HealthCheckRequest request) {
      tell(request.getService());
      timer =
          call.context()
              .owner()
              .setPeriodic(WATCH_MILLIS, id -> call.execute(() -> tell(request.getService())));
    }

    private void tell(String service) {
      ServingStatus now = status(service);
      if (now != told) {
        told = now;
        call.write(response(now));
        call.flush();
      }
    }

    @Override
    public void cancelled() {
      if (timer >= 0) {
        call.context().owner().cancelTimer(timer);
      }
    }
  }
}
