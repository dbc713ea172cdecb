// The expected bytes come from protoc and the schema of the server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryCodec } from "../dist/client/wire/binary.js";

const codec = new BinaryCodec();
const hex = (message) => Buffer.from(codec.encode(message)).toString("hex");
const decode = (text) => {
  const bytes = Buffer.from(text, "hex");
  return codec.decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

test("writes init", () => {
  assert.equal(
    hex({
      type: "init",
      space: "default",
      resume: "s-1",
      bufferSize: 1000,
      batchedAcks: true,
      indexedAcks: false,
    }),
    "0a0764656661756c74120708e807100150015203732d31",
  );
});

test("writes an observation with everything", () => {
  const episode = {
    id: "a",
    when: new Date(1730289600123),
    what: "Käse",
    embedding: [1, -0.5, 0.25],
    confidence: 0.5,
    where: "Bern",
    who: ["Ada", "Bob"],
    why: "y",
    how: "h",
    decayRate: 0.5,
    emotionalValence: -1,
    importance: 1,
    tags: ["t", "u"],
    metadata: { k: "v" },
  };
  const golden =
    "1a650a0161120b08c0bf88b90610c0a9d33a1a054bc3a47365220c0000803f000000bf0000803e2a050d0000003f" +
    "52044265726e5a034164615a03426f626201796a0168a5010000003fad01000080bfb5010000803fc2020174c202" +
    "0175ca02060a016b1201765203732d3158ac026001";
  const message = { type: "observation", session: "s-1", sequence: 300, priority: "high", episode };
  assert.equal(hex(message), golden);
  const packed = { ...episode, embedding: Float32Array.of(9, 1, -0.5, 0.25).subarray(1) };
  assert.equal(hex({ ...message, episode: packed }), golden, "a Float32Array is spelled the same");
});

test("writes times before 1970 and the largest number", () => {
  assert.equal(
    hex({
      type: "observation",
      session: "s",
      sequence: Number.MAX_SAFE_INTEGER,
      priority: "normal",
      episode: { id: "a", when: new Date(-1500), what: "w" },
    }),
    "1a190a0161121108feffffffffffffffff011080cab5ee011a017752017358ffffffffffffff0f",
  );
});

test("writes flow control and close", () => {
  assert.equal(hex({ type: "flow", session: "s", action: "pause" }), "22020801520173");
  assert.equal(
    hex({ type: "close", session: "s", drain: true, lastSequence: 128 }),
    "2a050801108001520173",
  );
});

test("writes recalls by text and by both", () => {
  const query = {
    space: "other",
    text: "q",
    from: new Date(1000),
    to: "1970-01-01T00:00:02Z",
    place: "p",
    people: ["x"],
    tags: ["t"],
    excludedTags: ["u"],
    minConfidence: 0.5,
    maxResults: 25,
    includeEmbeddings: true,
  };
  assert.equal(
    hex({ type: "recall", session: "s", requestId: "r1", query }),
    "32340a056f746865721a212a030a0171a201190a020801120208021a01702201782a01743201753d0000003f2019" +
      "2801520272315801520173",
  );
  const both = { text: "q", embedding: [1, 2], minSimilarity: 0.5 };
  assert.equal(
    hex({ type: "recall", session: "s", requestId: "r2", query: both }),
    "32251a1b3a160a0f0a080000803f00000040150000003f12030a0171a20100200a280152027232520173",
  );
});

test("reads acknowledgements", () => {
  assert.deepEqual(
    decode("1214080112016d1a0b08c0bf88b90610ffad903b600152017358ac0262020801"),
    {
      type: "accepted",
      sequence: 300,
      memoryId: "m",
      committedAt: new Date(1730289600123),
      replaced: true,
    },
  );
  const verdict = {
    status: "rejected",
    sequence: 7,
    code: "overloaded",
    reason: "no",
    retryAfterMs: 250,
  };
  assert.deepEqual(decode("1215080352026e6f5a0a6f7665726c6f6164656468fa015201735807"), {
    type: "rejected",
    verdict,
  });
  assert.deepEqual(decode("1205080212016d5201735807"), {
    type: "indexed",
    sequence: 7,
    memoryId: "m",
  });
  assert.deepEqual(
    decode("2215080110c8011a020805220a08031201631a01722009520173"),
    {
      type: "ack_batch",
      from: 1,
      to: 200,
      committedAt: new Date(5000),
      rejected: [{ status: "rejected", sequence: 3, code: "c", reason: "r", retryAfterMs: 9 }],
    },
  );
});

test("reads what concerns the session", () => {
  assert.deepEqual(decode("0a170a01731080808080101a0c08a08d061080e20918012001520173"), {
    type: "init_ack",
    session: "s",
    initialSequence: 2 ** 32,
    capabilities: { maxObservationsPerSecond: 100000, queueCapacity: 160000 },
  });
  assert.deepEqual(decode("1a1508031204736c6f77185020642d0000403f5032580c520173"), {
    type: "status",
    status: {
      state: "BACKPRESSURE",
      text: "slow",
      lastSequence: 12,
      pressure: 0.75,
      depth: 80,
      capacity: 100,
      retryAfterMs: 50,
    },
  });
  assert.deepEqual(decode("32180a0c73657175656e63655f67617012036761701a01732009"), {
    type: "error",
    code: "sequence_gap",
    text: "gap",
    sequence: 9,
    requestId: undefined,
  });
  assert.equal(decode("320712016732027232").requestId, "r2");
  assert.deepEqual(decode("3a00520173"), { type: "heartbeat" });
});

test("reads a batch of memories", () => {
  const message = decode(
    "2a720a5b0a016112080000003f0000803f1d0000803e22050d0000003f3202080a5201635a060a016b1201765a0e" +
      "0a095f5f70726f746f5f5f120178a2010174f501000000bffa010b08ffffffffffffffffff018002098a020177" +
      "9202017010011a0b080310011d0000003f2004202a52027231520173",
  );
  assert.equal(message.requestId, "r1");
  assert.deepEqual(message.batch.summary, { candidates: 3, tookMs: 4 });
  assert.equal(message.batch.snapshotSequence, 42);
  assert.equal(message.batch.more, true);
  const [memory] = message.batch.results;
  assert.deepEqual(Object.keys(memory.metadata), ["k", "__proto__"]);
  assert.deepEqual(
    { ...memory, metadata: undefined },
    {
      id: "a",
      content: "c",
      confidence: 0.5,
      createdAt: new Date(10_000),
      when: new Date(-1000),
      similarity: -0.5,
      activation: 0.25,
      where: "w",
      who: ["p"],
      tags: ["t"],
      metadata: undefined,
      embedding: Float32Array.of(0.5, 1),
    },
  );
});

test("skips fields it does not know, of every wire type", () => {
  // 13 varint, 14 fixed64, 15 bytes, 16 fixed32, then a heartbeat
  const strange = "680a" + "71" + "00".repeat(8) + "7a0161" + "850100000000" + "3a00";
  assert.deepEqual(decode(strange), { type: "heartbeat" });
  assert.deepEqual(decode(""), { type: "unknown" });
});

test("answers damaged bytes with an error, never with anything else", () => {
  const whole = "1214080112016d1a0b08c0bf88b90610ffad903b600152017358ac0262020801";
  const bytes = Buffer.from(whole, "hex");
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1 << bit;
      for (const text of [damaged.toString("hex"), damaged.toString("hex").slice(0, at * 2)]) {
        try {
          assert.equal(typeof decode(text).type, "string");
        } catch (error) {
          assert.equal(error.code, "bad_message", `${text}: ${error}`);
        }
      }
    }
  }
});
