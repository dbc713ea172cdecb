package dev.myelin.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One call of `engram.v1.EngramService/ObserveStream` on a connection of its own, without TLS.
final class GrpcDialect implements Dialect {
  private static final int PREFIX = 5;

  private final Session session;
  private final ProtoMessages messages;
  private final ByteBuffer prefixed;
  private @Nullable Http2Call call;

  GrpcDialect(Session session) {
    this.session = session;
    this.messages = new ProtoMessages(session);
    this.prefixed = ByteBuffer.allocate(session.observations().maxBytes() + PREFIX);
  }

  @Override
  public Opened open(Wire wire) throws IOException {
    Http2Call opened =
        Http2Call.open(wire, session.target(), "/engram.v1.EngramService/ObserveStream");
    ByteBuffer first = ByteBuffer.allocate(1024);
    opened.put(prefix(messages.init()), first);
    wire.write(first.flip());
    List<Opened> answer = new ArrayList<>();
    while (answer.isEmpty()) {
      wire.read();
      opened.take(wire.in(), message -> answer.add(ProtoMessages.requireInitAck(message)));
    }
    call = opened;
    return answer.getFirst();
  }

  @Override
  public boolean put(long sequence, ByteBuffer out) {
    return call().put(prefix(messages.observation(sequence)), out);
  }

  private ByteBuffer prefix(ByteBuffer message) {
    return prefixed.clear().put((byte) 0).putInt(message.remaining()).put(message).flip();
  }

  @Override
  public void take(ByteBuffer in, Verdicts verdicts) throws IOException {
    long now = System.nanoTime();
    call().take(in, message -> ProtoMessages.take(message, now, verdicts));
  }

  private Http2Call call() {
    if (call == null) {
      throw new IllegalStateException("the connection is not open");
    }
    return call;
  }
}
