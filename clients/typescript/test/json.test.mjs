import assert from "node:assert/strict";
import { test } from "node:test";
import { base64ToVector, floatBytes, fromCharacters, vectorToBase64 } from "../dist/client/wire/base64.js";
import { JsonCodec } from "../dist/client/wire/json.js";

const codec = new JsonCodec("base64");
const plain = (message, embeddings = "base64") =>
  JSON.parse(new JsonCodec(embeddings).encode(message));

test("writes init, and leaves out what was not asked for", () => {
  const message = {
    type: "init",
    space: "notes",
    resume: undefined,
    bufferSize: 500,
    batchedAcks: false,
    indexedAcks: false,
  };
  assert.deepEqual(plain(message), {
    type: "init",
    memory_space_id: "notes",
    client_buffer_size: 500,
    enable_backpressure: true,
  });
  const all = plain({ ...message, resume: "s", batchedAcks: true, indexedAcks: true });
  assert.equal(all.resume_session_id, "s");
  assert.equal(all.ack_mode, "batch");
  assert.equal(all.indexed_acks, true);
});

test("writes an observation with everything", () => {
  const episode = {
    id: "a",
    when: new Date(0),
    what: "w",
    embedding: [1, 2],
    confidence: 0.5,
    where: "Bern",
    who: ["Ada"],
    why: "y",
    how: "h",
    tags: ["t"],
    metadata: { k: "v" },
    importance: 1,
    emotionalValence: -1,
    decayRate: 0.1,
  };
  const message = { type: "observation", session: "s", sequence: 7, priority: "low", episode };
  const expected = {
    type: "observation",
    session_id: "s",
    sequence_number: 7,
    priority: "low",
    episode: {
      id: "a",
      when: "1970-01-01T00:00:00.000Z",
      what: "w",
      embedding: "AACAPwAAAEA=",
      encoding_confidence: 0.5,
      where_location: "Bern",
      who: ["Ada"],
      why: "y",
      how: "h",
      tags: ["t"],
      metadata: { k: "v" },
      importance: 1,
      emotional_valence: -1,
      decay_rate: 0.1,
    },
  };
  assert.deepEqual(plain(message), expected);
  expected.episode.embedding = [1, 2];
  assert.deepEqual(plain(message, "array"), expected);
  const packed = { ...episode, embedding: Float32Array.of(1, 2) };
  assert.deepEqual(plain({ ...message, episode: packed }, "array"), expected);
});

test("writes a recall with all its conditions", () => {
  const query = {
    text: "q",
    embedding: [1],
    space: "x",
    from: new Date(0),
    to: "1970-01-02T00:00:00Z",
    place: "p",
    people: ["a"],
    tags: ["t"],
    excludedTags: ["u"],
    minConfidence: 0.5,
    minSimilarity: 0.25,
    maxResults: 3,
    includeEmbeddings: true,
    snapshotIsolation: false,
  };
  assert.deepEqual(plain({ type: "recall", session: "s", requestId: "r", query }), {
    type: "recall",
    session_id: "s",
    request_id: "r",
    memory_space_id: "x",
    max_results: 3,
    snapshot_isolation: false,
    include_embeddings: true,
    cue: {
      text: "q",
      embedding: "AACAPw==",
      time_start: "1970-01-01T00:00:00.000Z",
      time_end: "1970-01-02T00:00:00Z",
      location: "p",
      participants: ["a"],
      required_tags: ["t"],
      excluded_tags: ["u"],
      min_confidence: 0.5,
      min_similarity: 0.25,
    },
  });
});

test("packs embeddings of any length without loss", () => {
  for (const length of [1, 2, 3, 768, 4096]) {
    const vector = Float32Array.from({ length }, (_, i) => Math.sin(i) * 3e38);
    assert.deepEqual(base64ToVector(vectorToBase64(vector)), vector);
    assert.equal(fromCharacters(floatBytes(vector)), vectorToBase64(vector));
    assert.equal(vectorToBase64(vector), Buffer.from(vector.buffer).toString("base64"));
  }
});

test("reads acknowledgements", () => {
  const ack = {
    type: "ack",
    session_id: "s",
    sequence_number: 3,
    status: "accepted",
    memory_id: "m",
    committed_at: "2024-10-30T12:00:00.123456Z",
  };
  assert.deepEqual(codec.decode(JSON.stringify(ack)), {
    type: "accepted",
    sequence: 3,
    memoryId: "m",
    committedAt: new Date("2024-10-30T12:00:00.123Z"),
    replaced: false,
  });
  const rejected = { ...ack, status: "rejected", code: "OVERLOADED", reason: "no", retry_after_ms: 9 };
  assert.deepEqual(codec.decode(JSON.stringify(rejected)).verdict, {
    status: "rejected",
    sequence: 3,
    code: "overloaded",
    reason: "no",
    retryAfterMs: 9,
  });
});

test("reads a batch of memories", () => {
  const { requestId, batch } = codec.decode(
    JSON.stringify({
      type: "recall_result",
      request_id: "r1",
      results: [
        {
          id: "a",
          content: "c",
          similarity: 0.5,
          activation: 1,
          confidence: 0.7,
          when: "1970-01-01T00:00:01Z",
          created_at: "1970-01-01T00:00:02Z",
          metadata: { k: "v" },
          tags: ["t"],
          who: ["p"],
          where_location: "w",
          embedding: [1, 2],
        },
      ],
      more_results: false,
      snapshot_sequence: 42,
      metadata: { total_activated: 3, recall_time_ms: 4 },
    }),
  );
  assert.equal(requestId, "r1");
  assert.deepEqual(batch, {
    results: [
      {
        id: "a",
        content: "c",
        confidence: 0.7,
        createdAt: new Date(2000),
        when: new Date(1000),
        similarity: 0.5,
        activation: 1,
        where: "w",
        who: ["p"],
        tags: ["t"],
        metadata: { k: "v" },
        embedding: Float32Array.of(1, 2),
      },
    ],
    more: false,
    snapshotSequence: 42,
    summary: { candidates: 3, tookMs: 4 },
  });
});

test("ignores messages of a newer server", () => {
  assert.deepEqual(codec.decode('{"type":"novelty","x":1}'), { type: "unknown" });
});

test("names what makes no sense", () => {
  for (const [text, part] of [
    ["{oops", /not JSON/],
    ["[]", /not an object/],
    ["{}", /"type"/],
    ['{"type":"ack","sequence_number":"1","status":"accepted"}', /"sequence_number"/],
  ]) {
    assert.throws(
      () => codec.decode(text),
      (error) => error.code === "bad_message" && part.test(error.message),
    );
  }
});
