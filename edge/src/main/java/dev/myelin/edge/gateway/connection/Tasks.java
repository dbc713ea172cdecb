package dev.myelin.edge.gateway.connection;

import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.model.ServiceException;
import java.util.function.Supplier;

/// What a connection waits for: reading from disk, and commands that are under way.
///
/// **Order.** While a command waits that others wait for, the socket is not read. **Bounds.** Nor
/// is it while as many commands as may be are under way. **Threads.** Confined to the connection's
/// event loop, unless said otherwise.
public final class Tasks {
  private final GatewaySocket socket;
  private final WebSocketChannel channel;

  /// Commands that others wait for.
  private int busy;

  private int inFlight;

  Tasks(GatewaySocket socket, WebSocketChannel channel) {
    this.socket = socket;
    this.channel = channel;
  }

  boolean isBusy() {
    return busy > 0;
  }

  /// Does something that may block on a thread of its own, and then what that gives here.
  public void offLoop(Supplier<Runnable> work) {
    socket
        .ground()
        .blocking()
        .execute(() -> {
          Runnable then;
          try {
            then = work.get();
          } catch (RuntimeException e) {
            then = () -> socket.faults().broken(null, e);
          }
          channel.execute(then);
        });
  }

  /// The same for a command: no other is begun before it is over.
  public void offLoop(Inbound command, Supplier<Runnable> work) {
    busy++;
    channel.read(false);
    offLoop(() -> {
      Runnable then = attempted(command, work);
      return () -> {
        try {
          then.run();
        } catch (ServiceException e) {
          socket.faults().refuse(command, GatewayError.of(e));
        } catch (RuntimeException e) {
          socket.faults().broken(command, e);
        }
        busy--;
        socket.goOn();
        if (busy == 0 && inFlight < GatewayOptions.MAX_IN_FLIGHT) {
          channel.read(true);
        }
        channel.flush();
      };
    });
  }

  private Runnable attempted(Inbound command, Supplier<Runnable> work) {
    try {
      return work.get();
    } catch (ServiceException e) {
      return () -> socket.faults().refuse(command, GatewayError.of(e));
    } catch (RuntimeException e) {
      return () -> socket.faults().broken(command, e);
    }
  }

  /// A command is under way that others need not wait for.
  public void began() {
    if (++inFlight >= GatewayOptions.MAX_IN_FLIGHT) {
      channel.read(false);
    }
  }

  /// Such a command is over; from any thread.
  public void over(Runnable then) {
    channel.execute(() -> {
      try {
        then.run();
      } catch (RuntimeException e) {
        socket.faults().broken(null, e);
      }
      if (--inFlight == GatewayOptions.MAX_IN_FLIGHT - 1 && busy == 0) {
        channel.read(true);
      }
      channel.flush();
    });
  }
}
