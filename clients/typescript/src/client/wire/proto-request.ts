import type { Episode, Priority, RecallQuery } from "../types.js";
import type { ClientMessage } from "./messages.js";
import { ProtoWriter } from "./proto-writer.js";

const PRIORITIES: Record<Priority, number> = { high: 1, normal: 0, low: 3 };
const PAUSE = 1;
const RESUME = 2;

/** `engram.v1.ObservationRequest`. */
export function encodeRequest(message: ClientMessage): Uint8Array<ArrayBuffer> {
  const request = new ProtoWriter();
  switch (message.type) {
    case "init":
      return request
        .text(1, message.space)
        .message(2, (init) =>
          init
            .uint(1, message.bufferSize)
            .flag(2, true)
            .flag(10, message.batchedAcks)
            .flag(11, message.indexedAcks),
        )
        .text(10, message.resume ?? "")
        .finish();
    case "observation":
      return request
        .message(3, (inner) => writeEpisode(inner, message.episode))
        .text(10, message.session)
        .uint(11, message.sequence)
        .uint(12, PRIORITIES[message.priority])
        .finish();
    case "flow":
      return request
        .message(4, (flow) => flow.uint(1, message.action === "pause" ? PAUSE : RESUME))
        .text(10, message.session)
        .finish();
    case "recall":
      return request
        .message(6, (recall) => writeRecall(recall, message.requestId, message.query))
        .text(10, message.session)
        .finish();
    case "close":
      return request
        .message(5, (close) => close.flag(1, message.drain).uint(2, message.lastSequence))
        .text(10, message.session)
        .finish();
  }
}

function writeEpisode(out: ProtoWriter, episode: Episode): void {
  out.text(1, episode.id ?? "");
  writeTime(out, 2, episode.when);
  out.text(3, episode.what ?? "").floats(4, episode.embedding ?? []);
  const confidence = episode.confidence;
  if (confidence !== undefined) out.message(5, (inner) => inner.float(1, confidence));
  out
    .text(10, episode.where ?? "")
    .texts(11, episode.who ?? [])
    .text(12, episode.why ?? "")
    .text(13, episode.how ?? "")
    .float(20, episode.decayRate ?? 0)
    .float(21, episode.emotionalValence ?? 0)
    .float(22, episode.importance ?? 0)
    .texts(40, episode.tags ?? []);
  for (const [key, value] of Object.entries(episode.metadata ?? {})) {
    out.message(41, (pair) => pair.text(1, key).text(2, value));
  }
}

function writeRecall(out: ProtoWriter, requestId: string, query: RecallQuery): void {
  out
    .text(1, query.space ?? "")
    .message(3, (cue) => writeCue(cue, query))
    .uint(4, query.maxResults ?? 10)
    .flag(5, query.snapshotIsolation ?? true)
    .text(10, requestId)
    .flag(11, query.includeEmbeddings ?? false);
}

function writeCue(cue: ProtoWriter, query: RecallQuery): void {
  const { text, embedding, minSimilarity } = query;
  const nearest = (inner: ProtoWriter): void => {
    inner.floats(1, embedding ?? []).float(2, minSimilarity ?? 0);
  };
  const words = (inner: ProtoWriter): void => {
    inner.text(1, text ?? "").float(2, embedding === undefined ? (minSimilarity ?? 0) : 0);
  };
  if (embedding !== undefined && text !== undefined) {
    cue.message(7, (hybrid) => hybrid.message(1, nearest).message(2, words));
  } else if (embedding !== undefined) {
    cue.message(2, nearest);
  } else if (text !== undefined) {
    cue.message(5, words);
  }
  cue.message(20, (filter) => writeFilter(filter, query));
}

function writeFilter(filter: ProtoWriter, query: RecallQuery): void {
  writeTime(filter, 1, query.from);
  writeTime(filter, 2, query.to);
  filter
    .text(3, query.place ?? "")
    .texts(4, query.people ?? [])
    .texts(5, query.tags ?? [])
    .texts(6, query.excludedTags ?? [])
    .float(7, query.minConfidence ?? 0);
}

function writeTime(out: ProtoWriter, field: number, time: Date | string | undefined): void {
  if (time === undefined) return;
  const milliseconds = new Date(time).getTime();
  const seconds = Math.floor(milliseconds / 1000);
  const nanos = (milliseconds - seconds * 1000) * 1_000_000;
  out.message(field, (stamp) => stamp.int(1, seconds).uint(2, nanos));
}
