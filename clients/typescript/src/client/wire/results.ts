import type { RecallBatch, RecalledMemory, Rejected } from "../types.js";
import { base64ToVector } from "./base64.js";
import type { Fields } from "./fields.js";

export function rejectedOf(message: Fields): Rejected {
  return {
    status: "rejected",
    sequence: message.number("sequence_number"),
    code: (message.optionalText("code") ?? "internal").toLowerCase(),
    reason: message.optionalText("reason") ?? message.optionalText("message") ?? "",
    retryAfterMs: message.optionalNumber("retry_after_ms"),
  };
}

export function batchOf(message: Fields): RecallBatch {
  const summary = message.object("metadata");
  return {
    results: message.objects("results").map(memoryOf),
    more: message.flag("more_results"),
    snapshotSequence: message.optionalNumber("snapshot_sequence") ?? 0,
    summary: {
      candidates: summary?.optionalNumber("total_activated") ?? 0,
      tookMs: summary?.optionalNumber("recall_time_ms") ?? 0,
    },
  };
}

function memoryOf(memory: Fields): RecalledMemory {
  return {
    id: memory.text("id"),
    content: memory.optionalText("content") ?? "",
    confidence: memory.optionalNumber("confidence") ?? 0,
    createdAt: memory.time("created_at"),
    when: memory.time("when"),
    similarity: memory.optionalNumber("similarity"),
    activation: memory.optionalNumber("activation") ?? 0,
    where: memory.optionalText("where_location"),
    who: memory.texts("who"),
    tags: memory.texts("tags"),
    metadata: memory.pairs("metadata"),
    embedding: vectorOf(memory.raw("embedding")),
  };
}

function vectorOf(value: unknown): Float32Array | undefined {
  if (typeof value === "string") return base64ToVector(value);
  return Array.isArray(value) ? Float32Array.from(value as number[]) : undefined;
}
