package dev.myelin.bench.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.myelin.proto.engram.v1.ObservationAck;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.StreamInit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Requests and responses of a session as protobuf, the same on a WebSocket and in gRPC.
///
/// Observations are written by hand, with the stock's bytes copied in; responses are read only as
/// far as the verdict. One thread writes, one reads.
final class ProtoMessages {
  private static final int OBSERVATION = tag(ObservationRequest.OBSERVATION_FIELD_NUMBER);
  private static final int SEQUENCE =
      (ObservationRequest.SEQUENCE_NUMBER_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_VARINT;
  private static final int EPISODE_ID = tag(1);
  private static final int EPISODE_WHAT = tag(3);
  private static final int EPISODE_EMBEDDING = tag(4);
  private static final int EPISODE_TAG = tag(40);

  private final Session session;
  private final ByteBuffer message;

  ProtoMessages(Session session) {
    this.session = session;
    this.message =
        ByteBuffer.allocate(session.observations().maxBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int tag(int field) {
    return (field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  ByteBuffer init() {
    ObservationRequest request =
        ObservationRequest.newBuilder()
            .setMemorySpaceId(session.space())
            .setSessionId(session.resumed())
            .setInit(StreamInit.newBuilder().setClientBufferSize(Session.MAX_IN_FLIGHT))
            .build();
    return ByteBuffer.wrap(request.toByteArray());
  }

  /// One observation; good until the next.
  ByteBuffer observation(long sequence) {
    Observations observations = session.observations();
    String id = observations.id(session.connection(), sequence);
    String what = observations.text(session.connection(), sequence);
    int vector = observations.dimension() * Float.BYTES;
    int tag = session.tag().length();
    int episode =
        size(id.length())
            + size(what.length())
            + (vector == 0 ? 0 : size(vector))
            + (tag == 0 ? 0 : 1 + size(tag));
    message.clear();
    varint(SEQUENCE);
    varint(sequence);
    varint(OBSERVATION);
    varint(episode);
    varint(EPISODE_ID);
    text(id);
    varint(EPISODE_WHAT);
    text(what);
    if (vector > 0) {
      varint(EPISODE_EMBEDDING);
      varint(vector);
      observations.binary(session.connection(), sequence, message);
    }
    if (tag > 0) {
      varint(EPISODE_TAG);
      text(session.tag());
    }
    return message.flip();
  }

  /// Bytes of a field below 16 with a payload.
  private static int size(int length) {
    int bytes = 2 + length;
    for (int left = length >>> 7; left != 0; left >>>= 7) {
      bytes++;
    }
    return bytes;
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      message.put((byte) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    message.put((byte) left);
  }

  private void text(String ascii) {
    varint(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      message.put((byte) ascii.charAt(i));
    }
  }

  static Opened requireInitAck(ByteBuffer response) throws IOException {
    ObservationResponse answer = ObservationResponse.parseFrom(response);
    if (!answer.hasInitAck()) {
      throw new LoadFailure("the server did not open a session: " + answer);
    }
    return new Opened(answer.getInitAck().getSessionId(), answer.getInitAck().getInitialSequence());
  }

  /// Tells the verdict that a response brings.
  static void take(ByteBuffer response, long now, Verdicts verdicts) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(response.duplicate());
    long sequence = 0;
    int status = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ObservationResponse.ACK_FIELD_NUMBER -> status = status(in);
        case ObservationResponse.SEQUENCE_NUMBER_FIELD_NUMBER -> sequence = in.readUInt64();
        default -> in.skipField(tag);
      }
    }
    switch (status) {
      case ObservationAck.Status.STATUS_ACCEPTED_VALUE -> verdicts.accepted(sequence, now);
      case ObservationAck.Status.STATUS_REJECTED_VALUE -> {
        ObservationResponse answer = ObservationResponse.parseFrom(response);
        verdicts.rejected(sequence, answer.getAck().getCode());
      }
      default -> other(ObservationResponse.parseFrom(response));
    }
  }

  private static int status(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readUInt32());
    int status = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == ObservationAck.STATUS_FIELD_NUMBER) {
        status = in.readEnum();
        in.skipRawBytes(in.getBytesUntilLimit());
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return status;
  }

  private static void other(ObservationResponse answer) {
    if (!answer.hasHeartbeat()) {
      throw new LoadFailure("the server answered " + answer);
    }
  }
}
