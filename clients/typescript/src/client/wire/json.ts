import { MyelinError } from "../errors.js";
import type { Episode, RecallQuery, StreamState, Vector } from "../types.js";
import { vectorToBase64 } from "./base64.js";
import { Fields } from "./fields.js";
import type { ClientMessage, Codec, ServerMessage } from "./messages.js";
import { batchOf, rejectedOf } from "./results.js";

/** How a text frame spells an embedding: base64 is faster and shorter, an array is readable. */
export type EmbeddingForm = "base64" | "array";

/** Text frames: one JSON object each. */
export class JsonCodec implements Codec {
  readonly #embeddings: EmbeddingForm;

  constructor(embeddings: EmbeddingForm) {
    this.#embeddings = embeddings;
  }

  encode(message: ClientMessage): string {
    return JSON.stringify(this.#plain(message));
  }

  decode(data: string | ArrayBuffer): ServerMessage {
    if (typeof data !== "string") {
      throw new MyelinError("bad_message", "The server sent a binary frame (expected: text).");
    }
    return decodeJson(data);
  }

  #plain(message: ClientMessage): object {
    switch (message.type) {
      case "init":
        return {
          type: "init",
          memory_space_id: message.space,
          resume_session_id: message.resume,
          client_buffer_size: message.bufferSize,
          enable_backpressure: true,
          ack_mode: message.batchedAcks ? "batch" : undefined,
          indexed_acks: message.indexedAcks || undefined,
        };
      case "observation":
        return {
          type: "observation",
          session_id: message.session,
          sequence_number: message.sequence,
          priority: message.priority === "normal" ? undefined : message.priority,
          episode: this.#episode(message.episode),
        };
      case "flow":
        return { type: "flow_control", session_id: message.session, action: message.action };
      case "recall":
        return {
          type: "recall",
          session_id: message.session,
          request_id: message.requestId,
          memory_space_id: message.query.space,
          max_results: message.query.maxResults ?? 10,
          snapshot_isolation: message.query.snapshotIsolation ?? true,
          include_embeddings: message.query.includeEmbeddings,
          cue: this.#cue(message.query),
        };
      case "close":
        return {
          type: "close",
          session_id: message.session,
          drain: message.drain,
          last_sequence: message.lastSequence,
        };
    }
  }

  #episode(episode: Episode): object {
    return {
      id: episode.id,
      when: timeText(episode.when),
      what: episode.what ?? "",
      embedding: this.#vector(episode.embedding),
      encoding_confidence: episode.confidence,
      where_location: episode.where,
      who: episode.who,
      why: episode.why,
      how: episode.how,
      tags: episode.tags,
      metadata: episode.metadata,
      importance: episode.importance,
      emotional_valence: episode.emotionalValence,
      decay_rate: episode.decayRate,
    };
  }

  #cue(query: RecallQuery): object {
    return {
      text: query.text,
      embedding: this.#vector(query.embedding),
      time_start: timeText(query.from),
      time_end: timeText(query.to),
      location: query.place,
      participants: query.people,
      required_tags: query.tags,
      excluded_tags: query.excludedTags,
      min_confidence: query.minConfidence,
      min_similarity: query.minSimilarity,
    };
  }

  #vector(vector: Vector | undefined): string | readonly number[] | undefined {
    if (vector === undefined) return undefined;
    if (this.#embeddings === "base64") return vectorToBase64(vector);
    return vector instanceof Float32Array ? Array.from(vector) : vector;
  }
}

/** Reads a text frame of the server. */
export function decodeJson(text: string): ServerMessage {
  const message = Fields.parse(text);
  switch (message.text("type")) {
    case "ack":
      return ack(message);
    case "ack_batch":
      return {
        type: "ack_batch",
        from: message.number("from"),
        to: message.number("to"),
        committedAt: message.time("committed_at") ?? new Date(),
        rejected: message.objects("rejected").map(rejectedOf),
      };
    case "init_ack": {
      const able = message.object("capabilities");
      return {
        type: "init_ack",
        session: message.text("session_id"),
        initialSequence: message.number("initial_sequence"),
        capabilities: {
          maxObservationsPerSecond: able?.optionalNumber("max_observations_per_second") ?? 0,
          queueCapacity: able?.optionalNumber("queue_capacity") ?? 0,
        },
      };
    }
    case "status":
      return {
        type: "status",
        status: {
          state: message.text("state").toUpperCase() as StreamState,
          text: message.optionalText("message") ?? "",
          lastSequence:
            message.optionalNumber("final_sequence") ?? message.optionalNumber("last_sequence"),
          pressure: message.optionalNumber("pressure") ?? 0,
          depth: message.optionalNumber("queue_depth") ?? 0,
          capacity: message.optionalNumber("queue_capacity") ?? 0,
          retryAfterMs: message.optionalNumber("retry_after_ms"),
        },
      };
    case "recall_result":
      return {
        type: "recall_result",
        requestId: message.text("request_id"),
        batch: batchOf(message),
      };
    case "heartbeat":
      return { type: "heartbeat" };
    case "error":
      return {
        type: "error",
        code: (message.optionalText("code") ?? "internal").toLowerCase(),
        text: message.text("message"),
        sequence: message.optionalNumber("sequence_number"),
        requestId: message.optionalText("request_id"),
      };
    default:
      return { type: "unknown" };
  }
}

function ack(message: Fields): ServerMessage {
  const sequence = message.number("sequence_number");
  switch (message.text("status")) {
    case "accepted":
      return {
        type: "accepted",
        sequence,
        memoryId: message.text("memory_id"),
        committedAt: message.time("committed_at") ?? new Date(),
        replaced: message.flag("replaced"),
      };
    case "indexed":
      return { type: "indexed", sequence, memoryId: message.text("memory_id") };
    default:
      return { type: "rejected", verdict: rejectedOf(message) };
  }
}

function timeText(time: Date | string | undefined): string | undefined {
  return time instanceof Date ? time.toISOString() : time;
}
