package dev.myelin.memory.record;

import dev.myelin.model.Circumstances;
import dev.myelin.model.Confidence;
import dev.myelin.model.Embedding;
import dev.myelin.model.Episode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Memory;
import dev.myelin.model.MemoryId;
import dev.myelin.model.MemoryType;
import dev.myelin.model.ServiceException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The payload of a [RecordKind#REMEMBERED] record, version 1, little-endian:
///
/// | at | what |
/// |---|---|
/// | 0 | u8 version |
/// | 1 | u8 flags: which optional parts follow |
/// | 2 | u16 dimension, 0 without an embedding |
/// | 4 | f32 1 / length of the embedding, 0 without one or if out of range |
/// | 8 | i64 offset of the memory of the same id that it supersedes, or 0 |
/// | 16 | i64 offset of the record with that one's embedding, or 0 |
/// | 24 | the embedding, float32 |
/// | then | f32 confidence, importance, valence; u8 type; optional: when, decay rate; id; what; optional: place, why, how; people; tags; metadata |
///
/// Texts are UTF-8 with a varint length before them. What the vector needs is at fixed places, so
/// that it is read without the rest.
public final class MemoryRecord {
  /// Where the embedding begins.
  public static final int VECTOR_AT = 24;

  static final int VERSION = 1;

  private static final int SUPERSEDES_AT = 8;
  private static final int FLAG_WHEN = 1;
  private static final int FLAG_NAMED = 2;
  private static final int FLAG_PLACE = 4;
  private static final int FLAG_WHY = 8;
  private static final int FLAG_HOW = 16;
  private static final int FLAG_DECAY = 32;
  private static final int ALL_FLAGS = 63;
  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private MemoryRecord() {}

  /// Encodes an episode as the memory of that id, which supersedes nothing yet.
  ///
  /// @param inverseLength 1 / length of the embedding, 0 if that is out of range or there is none
  public static byte[] encode(MemoryId id, Episode episode, float inverseLength) {
    Embedding embedding = episode.embedding();
    int dimension = embedding == null ? 0 : embedding.dimension();
    byte[] rest = afterVector(id, episode);
    // One array of the right size: most of a record is its embedding.
    ByteWriter out =
        new ByteWriter(VECTOR_AT + dimension * Float.BYTES + rest.length)
            .u8(VERSION)
            .u8(flags(episode))
            .u16(dimension)
            .f32(embedding == null ? 0f : inverseLength)
            .i64(0)
            .i64(0);
    if (embedding != null) {
      out.floats(embedding.values());
    }
    return out.raw(rest).bytes();
  }

  private static byte[] afterVector(MemoryId id, Episode episode) {
    Circumstances about = episode.circumstances();
    int foreseen = 64 + id.value().length() + episode.what().length() + 16 * about.tags().size();
    ByteWriter out =
        new ByteWriter(foreseen)
            .f32(episode.confidence().value())
            .f32(about.importance())
            .f32(about.emotionalValence())
            .u8(code(about.type()));
    if (episode.when() != null) {
      out.instant(episode.when());
    }
    if (about.decayRate() != null) {
      out.f32(about.decayRate());
    }
    out.text(id.value()).text(episode.what());
    optional(out, about.place());
    optional(out, about.why());
    optional(out, about.how());
    return out.texts(about.people()).texts(about.tags()).pairs(about.metadata()).bytes();
  }

  private static void optional(ByteWriter out, @Nullable String text) {
    if (text != null) {
      out.text(text);
    }
  }

  private static int flags(Episode episode) {
    Circumstances about = episode.circumstances();
    return (episode.when() == null ? 0 : FLAG_WHEN)
        | (episode.id() == null ? 0 : FLAG_NAMED)
        | (about.place() == null ? 0 : FLAG_PLACE)
        | (about.why() == null ? 0 : FLAG_WHY)
        | (about.how() == null ? 0 : FLAG_HOW)
        | (about.decayRate() == null ? 0 : FLAG_DECAY);
  }

  private static int code(MemoryType type) {
    return switch (type) {
      case UNSPECIFIED -> 0;
      case EPISODIC -> 1;
      case SEMANTIC -> 2;
      case PROCEDURAL -> 3;
      case WORKING -> 4;
    };
  }

  private static MemoryType type(int code) {
    return switch (code) {
      case 0 -> MemoryType.UNSPECIFIED;
      case 1 -> MemoryType.EPISODIC;
      case 2 -> MemoryType.SEMANTIC;
      case 3 -> MemoryType.PROCEDURAL;
      case 4 -> MemoryType.WORKING;
      default -> throw ByteReader.damaged("its type is " + code + " (expected: 0 to 4)");
    };
  }

  /// Writes into an encoded record what it supersedes.
  public static void supersede(byte[] payload, long offset, long vectorOffset) {
    I64.set(payload, SUPERSEDES_AT, offset);
    I64.set(payload, SUPERSEDES_AT + Long.BYTES, vectorOffset);
  }

  /// The offset of the memory that a record supersedes, or 0.
  public static long supersedes(byte[] payload) {
    checkHead(payload);
    return (long) I64.get(payload, SUPERSEDES_AT);
  }

  /// The offset of the record that holds the superseded memory's embedding, or 0.
  public static long supersededVector(byte[] payload) {
    checkHead(payload);
    return (long) I64.get(payload, SUPERSEDES_AT + Long.BYTES);
  }

  /// The length of the embedding, 0 if there is none.
  public static int dimension(byte[] payload) {
    checkHead(payload);
    return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getShort(2) & 0xffff;
  }

  /// 1 / length of the embedding, 0 if there is none.
  public static float inverseLength(byte[] payload) {
    checkHead(payload);
    return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getFloat(4);
  }

  private static void checkHead(byte[] payload) {
    if (payload.length < VECTOR_AT) {
      throw ByteReader.damaged("it has " + payload.length + " bytes (expected: 24 or more)");
    }
    if (payload[0] != VERSION) {
      throw ByteReader.damaged("its version is " + payload[0] + " (expected: " + VERSION + ")");
    }
    int dimension = (payload[2] & 0xff) | (payload[3] & 0xff) << 8;
    if (payload.length < VECTOR_AT + dimension * Float.BYTES) {
      throw ByteReader.damaged(payload.length + " bytes are too few for " + dimension + " floats");
    }
  }

  /// Decodes the whole memory.
  ///
  /// @param offset and committedAt as the journal has them
  /// @throws ServiceException STORAGE_UNUSABLE if the bytes are not a record of this version
  public static Memory decode(byte[] payload, long offset, Instant committedAt) {
    checkHead(payload);
    ByteReader in = new ByteReader(payload);
    in.u8();
    int flags = in.u8();
    if ((flags & ~ALL_FLAGS) != 0) {
      throw ByteReader.damaged("its flags are " + flags);
    }
    int dimension = in.u16();
    in.skip(VECTOR_AT - 4);
    try {
      float[] values = in.floats(dimension);
      Embedding embedding = dimension == 0 ? null : Embedding.of(values);
      return rest(in, flags, embedding, new Commit(offset, committedAt));
    } catch (IllegalArgumentException e) {
      throw ByteReader.damaged("it holds an impossible value");
    } catch (ServiceException e) {
      throw e.code() == ErrorCode.STORAGE_UNUSABLE
          ? e
          : ByteReader.damaged("it holds an impossible value");
    }
  }

  private record Commit(long offset, Instant at) {}

  private static Memory rest(
      ByteReader in, int flags, @Nullable Embedding embedding, Commit commit) {
    Confidence confidence = new Confidence(in.f32());
    float importance = in.f32();
    float valence = in.f32();
    MemoryType type = type(in.u8());
    Instant when = (flags & FLAG_WHEN) == 0 ? null : in.instant();
    Float decay = (flags & FLAG_DECAY) == 0 ? null : in.f32();
    MemoryId id = new MemoryId(in.text());
    String what = in.text();
    String place = (flags & FLAG_PLACE) == 0 ? null : in.text();
    String why = (flags & FLAG_WHY) == 0 ? null : in.text();
    String how = (flags & FLAG_HOW) == 0 ? null : in.text();
    List<String> people = in.texts();
    List<String> tags = in.texts();
    Map<String, String> metadata = in.pairs();
    in.end();
    Circumstances about =
        new Circumstances(
            place, people, why, how, tags, metadata, type, decay, importance, valence);
    MemoryId given = (flags & FLAG_NAMED) == 0 ? null : id;
    Episode episode = new Episode(given, when, what, embedding, confidence, about);
    return new Memory(id, commit.offset, commit.at, when == null ? commit.at : when, episode);
  }
}
