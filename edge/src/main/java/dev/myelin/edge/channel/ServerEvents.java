package dev.myelin.edge.channel;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.Form;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.rest.AnswerStream;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// A channel as server-sent events (WHATWG HTML, section 9.2): each `data` is an envelope as on a
/// WebSocket, each `id` the offset of a durable event. Events have no `event` name, so that
/// `onmessage` hears all of them; their envelopes say their type.
final class ServerEvents {
  static final String TYPE = "text/event-stream";
  private static final byte[] RETRY = utf8("retry: 2000\n\n");
  private static final byte[] COMMENT = utf8(": still here\n\n");
  private static final byte[] ID = utf8("id: ");
  private static final byte[] DATA = utf8("data: ");
  private static final int TOGETHER = 64;

  private final ChannelId channel;
  private final AnswerStream out;
  private final Duration commentInterval;

  ServerEvents(ChannelId channel, AnswerStream out, Duration commentInterval) {
    this.channel = channel;
    this.out = out;
    this.commentInterval = commentInterval;
  }

  /// What is written comes from there.
  @FunctionalInterface
  interface Opening {
    /// Opens it.
    ///
    /// @throws ServiceException as [ChannelFollower#open] does
    ChannelFollower open();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Writes until the channel ends or the client goes. A failure becomes the last event: the client
  /// comes again, and is told what it comes to.
  ///
  /// @throws InterruptedException once the client is gone, or does not read
  void write(Opening opening) throws InterruptedException {
    try (ChannelFollower follower = opening.open()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream(512);
      text.writeBytes(RETRY);
      data(text, begun(follower));
      out.write(text.toByteArray());
      while (!follower.isOver()) {
        out.write(text(follower.take(TOGETHER, commentInterval)));
      }
    } catch (ServiceException e) {
      out.write(last(e));
    }
  }

  /// Where the stream begins, in the words of a subscription.
  private byte[] begun(ChannelFollower follower) {
    Envelope envelope =
        new Envelope(
            "channel.subscribed",
            null,
            null,
            channel.name(),
            json -> {
              json.writeStartObject();
              json.writeObjectFieldStart("channel");
              json.writeStringField("type", channel.type().word());
              json.writeStringField("id", channel.id());
              json.writeEndObject();
              json.writeStringField("epoch", follower.epoch());
              json.writeNumberField("offset", follower.end());
              json.writeNumberField("after", follower.begin());
              json.writeBooleanField("recovered", true);
              json.writeEndObject();
            });
    return Envelopes.message(envelope, Form.ENVELOPE);
  }

  /// Events as they are written; a comment if there is none.
  static byte[] text(List<Told> events) {
    if (events.isEmpty()) {
      return COMMENT;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream(512 * events.size());
    for (Told event : events) {
      if (event.offset() > 0) {
        text.writeBytes(ID);
        text.writeBytes(utf8(Long.toString(event.offset())));
        text.write('\n');
      }
      data(text, event.envelope());
    }
    return text.toByteArray();
  }

  /// In JSON, ends of lines stand between tokens only, where a space is as good.
  private static void data(ByteArrayOutputStream text, byte[] json) {
    text.writeBytes(DATA);
    for (byte b : json) {
      text.write(b == '\n' || b == '\r' ? ' ' : b);
    }
    text.write('\n');
    text.write('\n');
  }

  private byte[] last(ServiceException failure) {
    GatewayError error =
        failure.code() == ErrorCode.GONE
            ? GatewayError.of(GatewayCode.POSITION_LOST, failure.text())
            : GatewayError.of(failure);
    Envelope envelope = new Envelope("error", null, null, channel.name(), error.closing()::write);
    ByteArrayOutputStream text = new ByteArrayOutputStream(512);
    data(text, Envelopes.message(envelope, Form.ENVELOPE));
    return text.toByteArray();
  }
}
