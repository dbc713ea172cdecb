package dev.myelin.edge.socket;

import dev.myelin.edge.socket.SocketListener.Delay;
import dev.myelin.edge.socket.SocketListener.Violation;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.zip.DataFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket of this server: the last handler of its channel.
///
/// **Bounds.** A message is at most as long as configured. While the listener does not want to
/// read, the kernel's buffers fill and the client has to wait; what was already decoded is held, at
/// most one read's worth. A client that leaves a full write buffer unread for too long is cut off.
///
/// **Flushing.** What is written while messages are being read is flushed once, when all that had
/// arrived is read.
///
/// Confined to the channel's event loop, but for [#execute(Runnable)].
public final class WebSocketChannel extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketChannel.class);
  private static final int MAX_CLOSE_CODE = 4999;

  private final ChannelHandlerContext context;
  private final SocketOptions options;
  private final SocketTimer timer;
  private final SocketWriter writer;
  private final MessageReader messages;
  private final ArrayDeque<WebSocketFrame> held = new ArrayDeque<>(0);
  private final SocketListener listener;
  private final Vitals vitals;

  private boolean reading = true;
  private boolean inRead;
  private boolean flushWanted;
  private boolean gone;

  private boolean closing;
  private long heartbeatAt;

  /// Takes over a channel whose pipeline gives WebSocket frames; call it on its event loop.
  ///
  /// @param context after whose handler this one is put
  WebSocketChannel(
      ChannelHandlerContext context,
      SocketOptions options,
      SocketTimer timer,
      Features features,
      Function<WebSocketChannel, SocketListener> listeners) {
    this.context = context;
    this.options = options;
    this.timer = timer;
    this.vitals = new Vitals(options);
    this.writer = new SocketWriter(context, features.compressed());
    this.messages =
        new MessageReader(
            options.maxMessageBytes(), features.skips(), timer::scratch, new Incoming());
    this.listener = listeners.apply(this);
    timer.add(this);
  }

  /// What was agreed on for a socket.
  ///
  /// @param compressed whether its messages are
  /// @param skips whether messages that are too long are passed over rather than close it
  record Features(boolean compressed, boolean skips) {}

  // ---- what the listener asks for

  /// Runs a task on the event loop, from any thread; not at all if the socket is gone.
  public void execute(Runnable task) {
    try {
      context
          .executor()
          .execute(() -> {
            if (!gone) {
              run(task);
            }
          });
    } catch (RejectedExecutionException _) {
      LOG.debug("a socket's event loop has ended");
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      exceptionCaught(context, e);
    }
  }

  /// The event loop that this socket lives on.
  public Executor loop() {
    return context.executor();
  }

  /// Writes a text message, which must be UTF-8, without flushing. Copies the bytes.
  public void writeText(byte[] bytes, int length) {
    write(true, bytes, length);
  }

  /// Writes a binary message without flushing. Copies the bytes.
  public void writeBinary(byte[] bytes, int length) {
    write(false, bytes, length);
  }

  private void write(boolean text, byte[] bytes, int length) {
    if (!closing && !gone) {
      writer.write(text, bytes, length);
    }
  }

  public void flush() {
    if (inRead) {
      flushWanted = true;
    } else if (!gone) {
      writer.flush();
    }
  }

  /// Whether a close has begun, or the socket is gone.
  public boolean isClosing() {
    return closing || gone;
  }

  /// Whether so much is unsent that the client has to read first.
  public boolean isFull() {
    return !context.channel().isWritable();
  }

  /// Stops or goes on reading.
  public void read(boolean wanted) {
    if (!gone && !closing) {
      reading = wanted;
      context.channel().config().setAutoRead(wanted);
      if (wanted && !held.isEmpty() && !inRead) {
        context.executor().execute(this::releaseHeld);
      }
    }
  }

  /// The client has said who it is: it may stay as long as it likes.
  public void established() {
    vitals.established();
  }

  /// Sends what was written, then a close, and waits a moment for the client's.
  public void close(int code, String reason) {
    if (!closing && !gone) {
      beginClose();
      writer.frame(new CloseWebSocketFrame(code, reason));
      writer.flush();
    }
  }

  private void beginClose() {
    writer.handOver();
    closing = true;
    vitals.closing();
    releaseAll();
    // Reading goes on, for the client's close; what else comes is dropped.
    reading = true;
    context.channel().config().setAutoRead(true);
  }

  /// Ends the connection at once.
  private void cutOff() {
    context.close().addListener(_ -> leave());
  }

  // ---- what the channel tells

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    vitals.sign();
    if (!(message instanceof WebSocketFrame frame)) {
      ReferenceCountUtil.release(message);
    } else if (reading && held.isEmpty()) {
      inRead = true;
      handle(frame);
    } else {
      held.add(frame);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {
    inRead = false;
    if (reading && !held.isEmpty()) {
      releaseHeld();
    } else {
      flushIfWanted();
    }
  }

  private void flushIfWanted() {
    if (flushWanted && !gone) {
      flushWanted = false;
      writer.flush();
    }
  }

  private void releaseHeld() {
    inRead = true;
    WebSocketFrame frame = held.poll();
    while (frame != null) {
      handle(frame);
      frame = reading ? held.poll() : null;
    }
    inRead = false;
    flushIfWanted();
  }

  private void handle(WebSocketFrame frame) {
    try {
      switch (frame) {
        case CloseWebSocketFrame close -> answerClose(close);
        case PingWebSocketFrame ping -> answerPing(ping);
        case PongWebSocketFrame _ -> {
          // Its arrival was the sign of life.
        }
        default -> {
          if (!closing) {
            messages.frame(frame);
          }
        }
      }
    } finally {
      frame.release();
    }
  }

  private void answerPing(PingWebSocketFrame ping) {
    if (!closing && !isFull()) {
      writer.frame(new PongWebSocketFrame(ping.content().retain()));
      flushWanted = true;
    }
  }

  private void answerClose(CloseWebSocketFrame close) {
    if (closing) {
      cutOff();
      return;
    }
    int code = close.statusCode();
    if (code > MAX_CLOSE_CODE) {
      brokenRules(WebSocketCloseStatus.PROTOCOL_ERROR);
      return;
    }
    listener.closedByClient(code < 0 ? WebSocketCloseStatus.EMPTY.code() : code);
    beginClose();
    writer.frame(code < 0 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(code, ""));
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext handler, Object event) {
    if (event == FrameSkipper.Word.SKIPPED) {
      messages.skipRest();
    } else {
      handler.fireUserEventTriggered(event);
    }
  }

  /// What the frames amount to.
  private final class Incoming implements MessageReader.Taker {
    @Override
    public void message(boolean text, byte[] bytes, int length) {
      if (text) {
        listener.text(bytes, length);
      } else {
        listener.binary(bytes, length);
      }
    }

    @Override
    public void notUtf8(int invalid, int length) {
      violated(
          Violation.NOT_UTF8,
          WebSocketCloseStatus.INVALID_PAYLOAD_DATA,
          "it is not UTF-8 at byte " + invalid + " of " + length + ".");
    }

    @Override
    public void tooLarge() {
      exceeded();
    }

    @Override
    public void skipped() {
      listener.skipped(tooLargeText());
    }
  }

  private void exceeded() {
    violated(Violation.TOO_LARGE, WebSocketCloseStatus.MESSAGE_TOO_BIG, tooLargeText());
  }

  private String tooLargeText() {
    return "a message may have at most "
        + options.maxMessageBytes()
        + " bytes. Send less at a time, or have the limit raised.";
  }

  private void violated(Violation violation, WebSocketCloseStatus status, String text) {
    if (!closing && !gone) {
      listener.violated(violation, text);
      close(status.code(), status.reasonText());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ignored) {
    if (isFull()) {
      vitals.full();
    } else if (!gone) {
      listener.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext handler) {
    leave();
    handler.fireChannelInactive();
  }

  private void leave() {
    if (!gone) {
      gone = true;
      timer.remove(this);
      releaseAll();
      messages.close();
      writer.close();
      listener.gone();
    }
  }

  private void releaseAll() {
    held.forEach(WebSocketFrame::release);
    held.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    switch (cause) {
      case CorruptedWebSocketFrameException e
          when e.closeStatus().code() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code() ->
          exceeded();
      case TooLongFrameException _ -> exceeded();
      case CorruptedWebSocketFrameException e -> brokenRules(e.closeStatus());
      case DecompressionException e when e.getCause() instanceof DataFormatException ->
          violated(
              Violation.FRAMING,
              WebSocketCloseStatus.INVALID_PAYLOAD_DATA,
              "its payload is not compressed as RFC 7692 says.");
      case DecompressionException _ -> exceeded();
      case IOException _ -> cutOff();
      default -> {
        String id = UUID.randomUUID().toString();
        LOG.atError().setCause(cause).addKeyValue("correlation", id).log("a WebSocket failed");
        close(WebSocketCloseStatus.INTERNAL_SERVER_ERROR.code(), "internal error " + id);
      }
    }
  }

  private void brokenRules(WebSocketCloseStatus status) {
    violated(
        Violation.FRAMING,
        status,
        "it breaks RFC 6455. Clients mask every frame, send no reserved bits or opcodes, and"
            + " keep control frames within 125 bytes.");
  }

  // ---- times

  long heartbeatAt() {
    return heartbeatAt;
  }

  void heartbeatAt(long nanos) {
    heartbeatAt = nanos;
  }

  void heartbeat(long now) {
    if (closing) {
      return;
    }
    listener.heartbeat();
    if (reading && vitals.isQuiet(now) && !isFull()) {
      vitals.pinged(now);
      writer.frame(new PingWebSocketFrame());
    }
    writer.flush();
  }

  void keepTimes(long now) {
    switch (vitals.overdue(now, new Vitals.State(closing, isFull(), reading))) {
      case NOTHING -> {
        // Most often.
      }
      case CLOSE -> cutOff();
      case WRITE -> {
        LOG.debug("a client did not read for {}", options.writeTimeout());
        listener.overdue();
        if (!closing) {
          cutOff();
        }
      }
      case INIT -> {
        listener.late(Delay.INIT);
        close(WebSocketCloseStatus.POLICY_VIOLATION.code(), "no init in time");
      }
      case PONG -> {
        listener.late(Delay.PONG);
        close(WebSocketCloseStatus.POLICY_VIOLATION.code(), "no sign of life");
      }
    }
  }
}
