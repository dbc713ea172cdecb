import type { Capabilities, Rejected, StreamState, StreamStatus } from "../types.js";
import type { ServerMessage } from "./messages.js";
import { readRecall } from "./proto-recall.js";
import { ProtoReader } from "./proto-reader.js";
import { readTime } from "./proto-time.js";

const STATES: readonly StreamState[] = [
  "ACTIVE",
  "ACTIVE",
  "PAUSED",
  "BACKPRESSURE",
  "OVERLOADED",
  "ERROR",
  "CLOSED",
];
const ACCEPTED = 1;
const INDEXED = 2;

/** `engram.v1.ObservationResponse`. */
export function decodeResponse(bytes: Uint8Array): ServerMessage {
  let read: (sequence: number) => ServerMessage = () => ({ type: "unknown" });
  let sequence = 0;
  const response = new ProtoReader(bytes);
  response.each((field) => {
    if (field === 11) {
      sequence = response.uint();
      return;
    }
    const reading = RESULTS[field];
    if (reading === undefined) return;
    const inner = response.message();
    read = (number) => reading(inner, number);
  });
  return read(sequence);
}

type Reading = (message: ProtoReader, sequence: number) => ServerMessage;

const RESULTS: Readonly<Record<number, Reading>> = {
  1: readInitAck,
  2: readAck,
  3: (message) => ({ type: "status", status: readStatus(message) }),
  4: readAckBatch,
  5: (message) => ({ type: "recall_result", ...readRecall(message) }),
  6: readError,
  7: () => ({ type: "heartbeat" }),
};

function readInitAck(message: ProtoReader): ServerMessage {
  let session = "";
  let initialSequence = 0;
  let capabilities: Capabilities = { maxObservationsPerSecond: 0, queueCapacity: 0 };
  message.each((field) => {
    if (field === 1) session = message.text();
    else if (field === 2) initialSequence = message.uint();
    else if (field === 3) capabilities = readCapabilities(message.message());
  });
  return { type: "init_ack", session, initialSequence, capabilities };
}

function readCapabilities(message: ProtoReader): Capabilities {
  let maxObservationsPerSecond = 0;
  let queueCapacity = 0;
  message.each((field) => {
    if (field === 1) maxObservationsPerSecond = message.uint();
    else if (field === 2) queueCapacity = message.uint();
  });
  return { maxObservationsPerSecond, queueCapacity };
}

function readAck(message: ProtoReader, sequence: number): ServerMessage {
  let status = 0;
  let memoryId = "";
  let committedAt = new Date();
  let reason = "";
  let code = "internal";
  let replaced = false;
  let retryAfterMs: number | undefined;
  message.each((field) => {
    if (field === 1) status = message.uint();
    else if (field === 2) memoryId = message.text();
    else if (field === 3) committedAt = readTime(message.message());
    else if (field === 10) reason = message.text();
    else if (field === 11) code = message.text().toLowerCase();
    else if (field === 12) replaced = message.flag();
    else if (field === 13) retryAfterMs = message.uint();
  });
  if (status === ACCEPTED) return { type: "accepted", sequence, memoryId, committedAt, replaced };
  if (status === INDEXED) return { type: "indexed", sequence, memoryId };
  const verdict: Rejected = { status: "rejected", sequence, code, reason, retryAfterMs };
  return { type: "rejected", verdict };
}

function readAckBatch(message: ProtoReader): ServerMessage {
  let from = 0;
  let to = 0;
  let committedAt = new Date();
  const rejected: Rejected[] = [];
  message.each((field) => {
    if (field === 1) from = message.uint();
    else if (field === 2) to = message.uint();
    else if (field === 3) committedAt = readTime(message.message());
    else if (field === 4) rejected.push(readRejected(message.message()));
  });
  return { type: "ack_batch", from, to, committedAt, rejected };
}

function readRejected(message: ProtoReader): Rejected {
  let sequence = 0;
  let code = "internal";
  let reason = "";
  let retryAfterMs: number | undefined;
  message.each((field) => {
    if (field === 1) sequence = message.uint();
    else if (field === 2) code = message.text().toLowerCase();
    else if (field === 3) reason = message.text();
    else if (field === 4) retryAfterMs = message.uint();
  });
  return { status: "rejected", sequence, code, reason, retryAfterMs };
}

function readStatus(message: ProtoReader): StreamStatus {
  let state: StreamState = "ACTIVE";
  let text = "";
  let lastSequence: number | undefined;
  let pressure = 0;
  let depth = 0;
  let capacity = 0;
  let retryAfterMs: number | undefined;
  message.each((field) => {
    if (field === 1) state = STATES[message.uint()] ?? "ACTIVE";
    else if (field === 2) text = message.text();
    else if (field === 3) depth = message.uint();
    else if (field === 4) capacity = message.uint();
    else if (field === 5) pressure = message.float();
    else if (field === 10) retryAfterMs = message.uint();
    else if (field === 11) lastSequence = message.uint();
  });
  return { state, text, lastSequence, pressure, depth, capacity, retryAfterMs };
}

function readError(message: ProtoReader): ServerMessage {
  let code = "internal";
  let text = "";
  let concerned = 0;
  let requestId: string | undefined;
  message.each((field) => {
    if (field === 1) code = message.text().toLowerCase();
    else if (field === 2) text = message.text();
    else if (field === 4) concerned = message.uint();
    else if (field === 6) requestId = message.text();
  });
  const sequence = concerned === 0 ? undefined : concerned;
  return { type: "error", code, text, sequence, requestId };
}
