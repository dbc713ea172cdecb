package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.message.Dialect;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Words;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What goes wrong on a connection: tells the client, and closes when it was fatal, or enough.
///
/// Confined to the connection's event loop.
public final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final GatewaySocket socket;
  private @Nullable Strikes strikes;

  Faults(GatewaySocket socket) {
    this.socket = socket;
  }

  /// Tells the client of an error; closes if there were too many, or if it is fatal.
  ///
  /// @param command that failed; null if it was none
  public void refuse(@Nullable Inbound command, GatewayError what) {
    if (command != null) {
      socket.desk().metrics().answered(command);
      socket.desk().talk().answered(socket, command, null);
    }
    GatewayError error = counted(command == null ? what : what.of(command.type()));
    LOG.atDebug()
        .addKeyValue("connection", socket.id())
        .addKeyValue("correlation", command == null ? null : command.correlationId())
        .addKeyValue("type", command == null ? null : command.type())
        .addKeyValue("code", error.code())
        .log("refused");
    if (error.fatal()) {
      fail(command, error, true);
    } else {
      socket.desk().metrics().error(error.code());
      socket.out().push("error", Words.error(error, command, dialect(command)));
    }
  }

  /// The error as it is told: fatal, if it is one too many.
  private GatewayError counted(GatewayError error) {
    Strikes counted = Strikes.orNew(strikes, error.code());
    strikes = counted;
    long now = System.nanoTime() / 1_000_000;
    boolean closes = !error.fatal() && counted != null && counted.isOneTooMany(error.code(), now);
    return closes ? error.closing() : error;
  }

  /// Tells of an error that is a part of how a command went; not one of many, and not fatal.
  public void part(GatewayError error, Inbound command) {
    socket.desk().metrics().error(error.code());
    socket.out().push("error", Words.part(error, command));
  }

  /// Tells of something that no command is to blame for; the connection stays.
  void warn(GatewayError error) {
    socket.desk().metrics().error(error.code());
    socket.out().push("error", Words.error(error, null, socket.dialect()));
  }

  /// Says why, then closes with the error's number.
  public void fail(GatewayError error, boolean resumable) {
    fail(null, error, resumable);
  }

  private void fail(@Nullable Inbound command, GatewayError error, boolean resumable) {
    socket.desk().metrics().error(error.code());
    socket.out().last(Words.error(error, command, dialect(command)));
    boolean resumes = resumable && socket.visitor().isEstablished();
    socket.close(error.code().number(), error.closeReason(resumes));
  }

  /// Tells a client that breaks the protocol, whose connection is closed by the socket itself.
  void unreadable(String text) {
    socket.desk().metrics().error(GatewayCode.INVALID_MESSAGE_FORMAT);
    GatewayError error =
        GatewayError.of(GatewayCode.INVALID_MESSAGE_FORMAT, "Unreadable: " + text).closing();
    socket.out().push("error", Words.error(error, null, socket.dialect()));
    socket.out().send();
  }

  /// Tells of a failure that nobody meant.
  void broken(@Nullable Inbound command, RuntimeException e) {
    String errorId = UUID.randomUUID().toString();
    LOG.atError()
        .setCause(e)
        .addKeyValue("correlation", command == null ? errorId : command.correlationId())
        .addKeyValue("error", errorId)
        .log("a command failed");
    refuse(
        command,
        GatewayError.of(
                GatewayCode.INTERNAL,
                "Something went wrong here; try again. Error " + errorId + ".")
            .with("error_id", errorId));
  }

  private Dialect dialect(@Nullable Inbound command) {
    return command == null ? socket.dialect() : command.dialect();
  }
}
