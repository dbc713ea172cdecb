package dev.myelin.client.transport;

import dev.myelin.client.model.MyelinException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A gRPC call with streams both ways, on a connection of its own.
///
/// What one task sends is framed into one buffer and written at once.
final class GrpcLink implements Link {
  private static final int BATCH_BYTES = 64 * 1024;
  private static final int WRITE_BUFFER_BYTES = 256 * 1024;
  private static final long CANCEL = 8;

  private final HttpClientRequest request;
  private final Listener listener;
  private ByteBuf batch = Unpooled.EMPTY_BUFFER;
  private int frameStart;
  private int usualBatch;
  private boolean over;

  GrpcLink(HttpClientRequest request, Endpoint endpoint, Listener listener) {
    this.request = request;
    this.listener = listener;
    request.setWriteQueueMaxSize(WRITE_BUFFER_BYTES);
    request.drainHandler(_ -> listener.writable());
    request.connection().exceptionHandler(_ -> {}); // the call hears of it, too
    new GrpcAnswer(endpoint, this::received, this::ended).of(request);
  }

  private void received(ByteBuffer frame) {
    if (!over) {
      listener.received(frame);
    }
  }

  private void ended(@Nullable MyelinException failure) {
    if (!over) {
      over = true;
      request.connection().close();
      listener.disconnected(
          failure == null
              ? MyelinException.unavailable("The server ended the call.", null)
              : failure);
    }
  }

  @Override
  public ByteBuf begin(int sizeHint) {
    int needed = GrpcReader.PREFIX_BYTES + sizeHint;
    if (batch.isReadable() && batch.readableBytes() + needed > BATCH_BYTES) {
      flush();
    }
    if (!batch.isReadable()) {
      batch = Unpooled.buffer(Math.max(usualBatch, needed));
    }
    frameStart = batch.writerIndex();
    return batch.writeZero(GrpcReader.PREFIX_BYTES);
  }

  @Override
  public void end(ByteBuf frame) {
    int length = frame.writerIndex() - frameStart - GrpcReader.PREFIX_BYTES;
    frame.setInt(frameStart + 1, length);
  }

  @Override
  public void discard(ByteBuf frame) {
    frame.writerIndex(frameStart);
  }

  @Override
  public void flush() {
    if (batch.isReadable()) {
      usualBatch = Math.min(BATCH_BYTES, (usualBatch + batch.readableBytes()) / 2);
      Buffer full = BufferInternal.buffer(batch);
      batch = Unpooled.EMPTY_BUFFER;
      request.write(full);
    }
  }

  @Override
  public boolean isFull() {
    return batch.readableBytes() >= BATCH_BYTES || request.writeQueueFull();
  }

  @Override
  public void ping() {
    request.connection().ping(Buffer.buffer(8).appendLong(1)).onSuccess(_ -> listener.alive());
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      flush();
      request.reset(CANCEL);
      request.connection().close();
    }
  }
}
