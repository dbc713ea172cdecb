package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.live.limit.Line;
import dev.myelin.live.session.GatewaySession;
import dev.myelin.live.session.KeptSubscription;
import dev.myelin.live.session.SessionHolder;
import dev.myelin.model.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of a connection, and the session that outlives the connection.
///
/// Confined to the connection's event loop, but for what is volatile.
public final class Visitor implements SessionHolder {
  private static final int CLOSED_NORMALLY = 1000;

  private final GatewaySocket socket;
  private volatile @Nullable Principal principal;
  private volatile String clientId = "";
  private @Nullable GatewaySession session;
  private @Nullable Pass pass;
  private @Nullable Line line;
  private boolean leaving;
  private boolean replaced;

  Visitor(GatewaySocket socket) {
    this.socket = socket;
  }

  private Ground.Live live() {
    return socket.ground().live();
  }

  // ---- who

  /// Who it is; null until it has said so. Any thread.
  public @Nullable Principal principal() {
    return principal;
  }

  /// Who it is.
  public Principal known() {
    Principal now = principal;
    if (now == null) {
      throw new IllegalStateException("principal: none (expected: one that entered)");
    }
    return now;
  }

  public boolean isEstablished() {
    return session != null;
  }

  public String clientId() {
    return clientId;
  }

  public GatewaySession session() {
    GatewaySession now = session;
    if (now == null) {
      throw new IllegalStateException("session: none (expected: one that entered)");
    }
    return now;
  }

  /// Somebody has shown who he is.
  public void enter(Principal who, String client, GatewaySession with) {
    clientId = client;
    session = with;
    socket.established();
    renew(who);
  }

  /// Was greeted already, and now says more exactly who is there.
  public void startOver() {
    socket.seats().all().forEach(socket.seats()::leave);
    GatewaySession before = session;
    if (before != null) {
      session = null;
      live().presence().leaveAll(before.id());
      var _ = live().sessions().end(before, this);
    }
  }

  /// Has another token, of the same user.
  public void renew(Principal who) {
    principal = who;
    if (pass != null) {
      pass.close();
    }
    pass = new Pass(socket, who);
  }

  /// Whether its token has expired, and it may only listen for a moment.
  public boolean isReadOnly() {
    return pass != null && pass.isOver();
  }

  /// Its rate limits.
  Line line() {
    Line made = line;
    if (made == null) {
      String otherwise = clientId.isEmpty() ? socket.handshake().address() : clientId;
      made = socket.desk().limits().line(known(), otherwise);
      line = made;
    }
    return made;
  }

  // ---- the end

  /// The client closes: for good with 1000, else it may come back.
  void leaves(int code) {
    leaving = code == CLOSED_NORMALLY;
  }

  /// Somebody goes on with this session on another connection. Any thread.
  @Override
  public CompletionStage<List<KeptSubscription>> handOver() {
    CompletableFuture<List<KeptSubscription>> handed = new CompletableFuture<>();
    try {
      socket.loop().execute(() -> handed.complete(replaced()));
    } catch (RejectedExecutionException _) {
      handed.complete(List.of()); // the server ends
    }
    return handed;
  }

  private List<KeptSubscription> replaced() {
    List<KeptSubscription> all = socket.seats().kept();
    replaced = true;
    socket
        .faults()
        .fail(
            GatewayError.of(
                    GatewayCode.SESSION_REPLACED,
                    "This session goes on on another connection. Do not connect again.")
                .closing(),
            false);
    return all;
  }

  /// The connection is gone; called before its seats are.
  void gone() {
    if (pass != null) {
      pass.close();
    }
    GatewaySession with = session;
    if (with != null && !replaced) {
      if (leaving) {
        live().presence().leaveAll(with.id());
        var _ = live().sessions().end(with, this);
      } else {
        live().presence().dropped(with.id());
        var _ = live().sessions().suspend(with, this, socket.seats().kept());
      }
    }
  }
}
