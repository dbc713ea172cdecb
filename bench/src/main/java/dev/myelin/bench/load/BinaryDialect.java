package dev.myelin.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A WebSocket with protobuf in binary frames.
final class BinaryDialect implements Dialect {
  private final Session session;
  private final ProtoMessages messages;
  private @Nullable WebSocketFrames frames;

  BinaryDialect(Session session) {
    this.session = session;
    this.messages = new ProtoMessages(session);
  }

  @Override
  public Opened open(Wire wire) throws IOException {
    WebSocketFrames opened = WebSocketFrames.open(wire, session.target(), "/v1/stream");
    opened.send(WebSocketFrames.BINARY, messages.init());
    ByteBuffer answer;
    while ((answer = opened.next(wire.in())) == null) {
      wire.read();
    }
    frames = opened;
    return ProtoMessages.requireInitAck(answer);
  }

  @Override
  public boolean put(long sequence, ByteBuffer out) {
    return frames().put(WebSocketFrames.BINARY, messages.observation(sequence), out);
  }

  @Override
  public void take(ByteBuffer in, Verdicts verdicts) throws IOException {
    long now = System.nanoTime();
    ByteBuffer answer;
    while ((answer = frames().next(in)) != null) {
      ProtoMessages.take(answer, now, verdicts);
    }
  }

  private WebSocketFrames frames() {
    if (frames == null) {
      throw new IllegalStateException("the connection is not open");
    }
    return frames;
  }
}
