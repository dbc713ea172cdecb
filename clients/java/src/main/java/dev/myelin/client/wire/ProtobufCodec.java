package dev.myelin.client.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.client.model.RecallQuery;
import dev.myelin.proto.engram.v1.FlowControl;
import dev.myelin.proto.engram.v1.ObservationRequest;
import dev.myelin.proto.engram.v1.ObservationResponse;
import dev.myelin.proto.engram.v1.StreamClose;
import dev.myelin.proto.engram.v1.StreamInit;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Protobuf frames: `ObservationRequest` out, `ObservationResponse` in.
///
/// An observation is written by hand around its generated parts, so that the values of its
/// embedding are copied once, as one block, from the caller's array into the frame.
public final class ProtobufCodec implements Codec {
  private static final int OBSERVATION_TAG =
      lengthDelimited(ObservationRequest.OBSERVATION_FIELD_NUMBER);
  private static final int SEQUENCE_TAG = ObservationRequest.SEQUENCE_NUMBER_FIELD_NUMBER << 3;
  private static final int PRIORITY_TAG = ObservationRequest.PRIORITY_FIELD_NUMBER << 3;
  private static final int EMBEDDING_TAG =
      lengthDelimited(dev.myelin.proto.engram.v1.Episode.EMBEDDING_FIELD_NUMBER);

  /// Room for what stands around the texts and the embedding of an observation.
  private static final int FRAME_OVERHEAD = 160;

  private static int lengthDelimited(int field) {
    return field << 3 | 2;
  }

  @Override
  public boolean isText() {
    return false;
  }

  @Override
  public void init(ByteBuf out, Opening opening) {
    StreamInit init =
        StreamInit.newBuilder()
            .setClientBufferSize(opening.maxInFlight())
            .setEnableBackpressure(true)
            .setBatchedAcks(opening.batchedAcks())
            .setIndexedAcks(opening.indexedAcks())
            .build();
    write(
        out,
        ObservationRequest.newBuilder()
            .setMemorySpaceId(opening.space())
            .setSessionId(opening.resume())
            .setInit(init)
            .build());
  }

  @Override
  public void observation(
      ByteBuf out, Observation observation, String id, long sequence, Priority priority) {
    byte[] words = Episodes.withoutEmbedding(observation, id).toByteArray();
    float[] values = observation.embedding().values();
    int valueBytes = values.length * Float.BYTES;
    int embedding = values.length == 0 ? 0 : 1 + varintSize(valueBytes) + valueBytes;
    out.writeByte(OBSERVATION_TAG);
    varint(out, words.length + embedding);
    out.writeBytes(words);
    if (values.length > 0) {
      out.writeByte(EMBEDDING_TAG);
      varint(out, valueBytes);
      floats(out, values);
    }
    out.writeByte(SEQUENCE_TAG);
    varint(out, sequence);
    if (priority != Priority.NORMAL) {
      out.writeByte(PRIORITY_TAG);
      varint(out, Episodes.priority(priority).getNumber());
    }
  }

  private static void floats(ByteBuf out, float[] values) {
    int bytes = values.length * Float.BYTES;
    out.ensureWritable(bytes);
    out.nioBuffer(out.writerIndex(), bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .put(values);
    out.writerIndex(out.writerIndex() + bytes);
  }

  private static void varint(ByteBuf out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  @Override
  public int sizeOf(Observation observation) {
    return FRAME_OVERHEAD
        + observation.what().length() * 3
        + observation.embedding().dimension() * Float.BYTES;
  }

  @Override
  public void pause(ByteBuf out, boolean paused) {
    FlowControl.Action action =
        paused ? FlowControl.Action.ACTION_PAUSE : FlowControl.Action.ACTION_RESUME;
    write(
        out,
        ObservationRequest.newBuilder()
            .setFlow(FlowControl.newBuilder().setAction(action))
            .build());
  }

  @Override
  public void recall(ByteBuf out, String requestId, RecallQuery query) {
    write(
        out,
        ObservationRequest.newBuilder()
            .setMemorySpaceId(query.space())
            .setRecall(Recalls.request(query).toBuilder().setRequestId(requestId))
            .build());
  }

  @Override
  public void close(ByteBuf out) {
    write(
        out,
        ObservationRequest.newBuilder()
            .setClose(StreamClose.newBuilder().setDrainQueue(true))
            .build());
  }

  private static void write(ByteBuf out, MessageLite message) {
    out.writeBytes(message.toByteArray());
  }

  @Override
  public Reply decode(ByteBuffer frame) {
    try {
      return ProtobufReplies.of(ObservationResponse.parseFrom(frame));
    } catch (InvalidProtocolBufferException e) {
      throw new MyelinException(
          MyelinException.PROTOCOL,
          "The server sent a frame that is no engram.v1.ObservationResponse."
              + " Check that the address is that of a Myelin server.",
          null,
          e);
    }
  }
}
