import type { RecallBatch, RecalledMemory, RecallSummary } from "../types.js";
import type { ProtoReader } from "./proto-reader.js";
import { readTime } from "./proto-time.js";

/** `engram.v1.StreamingRecallResponse`. */
export function readRecall(message: ProtoReader): { requestId: string; batch: RecallBatch } {
  const results: RecalledMemory[] = [];
  let more = false;
  let summary: RecallSummary = { candidates: 0, tookMs: 0 };
  let snapshotSequence = 0;
  let requestId = "";
  message.each((field) => {
    if (field === 1) results.push(readMemory(message.message()));
    else if (field === 2) more = message.flag();
    else if (field === 3) summary = readSummary(message.message());
    else if (field === 4) snapshotSequence = message.uint();
    else if (field === 10) requestId = message.text();
  });
  return { requestId, batch: { results, more, snapshotSequence, summary } };
}

function readSummary(message: ProtoReader): RecallSummary {
  let candidates = 0;
  let tookMs = 0;
  message.each((field) => {
    if (field === 1) candidates = message.uint();
    else if (field === 4) tookMs = message.uint();
  });
  return { candidates, tookMs };
}

function readMemory(message: ProtoReader): RecalledMemory {
  let id = "";
  let embedding: Float32Array | undefined;
  let activation = 0;
  let confidence = 0;
  let createdAt: Date | undefined;
  let content = "";
  let similarity: number | undefined;
  let when: Date | undefined;
  let where: string | undefined;
  const metadata: [string, string][] = [];
  const tags: string[] = [];
  const who: string[] = [];
  message.each((field) => {
    if (field === 1) id = message.text();
    else if (field === 2) embedding = message.floats();
    else if (field === 3) activation = message.float();
    else if (field === 4) confidence = readConfidence(message.message());
    else if (field === 6) createdAt = readTime(message.message());
    else if (field === 10) content = message.text();
    else if (field === 11) metadata.push(readPair(message.message()));
    else if (field === 20) tags.push(message.text());
    else if (field === 30) similarity = message.float();
    else if (field === 31) when = readTime(message.message());
    else if (field === 33) where = message.text();
    else if (field === 34) who.push(message.text());
  });
  return {
    id,
    content,
    confidence,
    createdAt,
    when,
    similarity,
    activation,
    where,
    who,
    tags,
    metadata: Object.fromEntries(metadata),
    embedding,
  };
}

function readConfidence(message: ProtoReader): number {
  let value = 0;
  message.each((field) => {
    if (field === 1) value = message.float();
  });
  return value;
}

function readPair(message: ProtoReader): [string, string] {
  let key = "";
  let value = "";
  message.each((field) => {
    if (field === 1) key = message.text();
    else if (field === 2) value = message.text();
  });
  return [key, value];
}
