import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { MyelinClient } from "../dist/client/index.js";
import { ManualClock, sockets } from "./support/fakes.mjs";

function start(options = {}) {
  const clock = new ManualClock();
  const Socket = sockets();
  const client = new MyelinClient({ url: "http://host:1", WebSocket: Socket, clock, ...options });
  const events = [];
  for (const type of ["open", "verdict", "disconnect", "error", "close", "status"]) {
    client.on(type, (detail) => events.push([type, detail]));
  }
  client.connect().catch(() => {});
  return { client, clock, Socket, events, of: (type) => events.filter(([t]) => t === type) };
}

/** Lets promises run their course. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("connects, observes, and completes each observation with its verdict", async () => {
  const { client, Socket } = start({ space: "notes", apiKey: "secret" });
  const verdict = client.observe("before the connection is there");
  Socket.last.welcome();
  assert.equal(Socket.last.url, "ws://host:1/v1/stream");
  assert.deepEqual(Socket.last.protocols, ["myelin.v1", "myelin.key.c2VjcmV0"]);
  assert.equal(Socket.last.of("init")[0].memory_space_id, "notes");
  assert.deepEqual(Socket.last.sequences, [1]);
  Socket.last.ack(1);
  assert.deepEqual(await verdict, {
    status: "accepted",
    sequence: 1,
    memoryId: "m1",
    committedAt: new Date("2026-01-02T03:04:05.678Z"),
    replaced: false,
  });
  assert.equal(client.session.id, "s1");
  assert.equal(client.unacknowledged, 0);
});

test("resumes after a break: settled ones are told, the rest goes again, no number twice", async () => {
  const { client, clock, Socket, events } = start();
  Socket.last.welcome();
  const verdicts = [1, 2, 3, 4].map((n) => client.observe(`line ${n}`));
  Socket.last.ack(1);
  Socket.last.cut();
  assert.equal(client.state, "waiting");
  clock.advance(50);
  assert.equal(Socket.all.length, 2);
  Socket.last.welcome("s1", 3);
  assert.equal(Socket.last.of("init")[0].resume_session_id, "s1");
  assert.deepEqual(Socket.last.sequences, [4]);
  Socket.last.ack(4);
  const statuses = (await Promise.all(verdicts)).map((verdict) => verdict.status);
  assert.deepEqual(statuses, ["accepted", "settled", "settled", "accepted"]);
  assert.deepEqual(
    events.filter(([type]) => type === "verdict").map(([, verdict]) => verdict.sequence),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    events.filter(([type]) => type === "open").map(([, session]) => session.resumed),
    [false, true],
  );
});

test("a session the server has forgotten: the same episodes, by the same names, from one", () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome("s1");
  for (const n of [1, 2, 3]) client.observe(`line ${n}`);
  const names = Socket.last.of("observation").map((message) => message.episode.id);
  Socket.last.ack(1);
  Socket.last.cut();
  clock.advance(50);
  Socket.last.welcome("s2", 0);
  assert.deepEqual(Socket.last.sequences, [1, 2]);
  const again = Socket.last.of("observation").map((message) => message.episode.id);
  assert.deepEqual(again, names.slice(1));
  assert.equal(new Set(names).size, 3);
});

test("keeps to the in-flight credit", () => {
  const { client, Socket } = start({ maxInFlight: 2 });
  Socket.last.welcome();
  assert.equal(Socket.last.of("init")[0].client_buffer_size, 2);
  for (let n = 0; n < 5; n++) client.observe("x");
  assert.deepEqual(Socket.last.sequences, [1, 2]);
  Socket.last.ack(1);
  assert.deepEqual(Socket.last.sequences, [1, 2, 3]);
});

test("refuses more than it may keep", async () => {
  const { client, Socket } = start({ maxUnacknowledged: 2 });
  Socket.last.welcome();
  client.observe("a");
  client.observe("b");
  await assert.rejects(client.observe("c"), { code: "outbox_full" });
  let ready = false;
  const waiting = client.ready().then(() => (ready = true));
  await settle();
  assert.equal(ready, false);
  Socket.last.ack(1);
  await waiting;
});

test("waits while the socket holds back too much", () => {
  const { client, clock, Socket } = start({ maxBufferedBytes: 100 });
  Socket.last.welcome();
  Socket.last.bufferedAmount = 101;
  client.observe("a");
  assert.deepEqual(Socket.last.sequences, []);
  clock.advance(10);
  assert.deepEqual(Socket.last.sequences, []);
  Socket.last.bufferedAmount = 0;
  clock.advance(10);
  assert.deepEqual(Socket.last.sequences, [1]);
});

test("obeys the server's pressure", () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  client.observe("a");
  Socket.last.say({ type: "status", state: "BACKPRESSURE", retry_after_ms: 500 });
  client.observe("b");
  clock.advance(499);
  assert.deepEqual(Socket.last.sequences, [1]);
  assert.ok(client.rateLimit < Infinity);
  clock.advance(200);
  assert.deepEqual(Socket.last.sequences, [1, 2]);
  Socket.last.say({ type: "status", state: "ACTIVE" });
  clock.advance(10_000);
  client.observe("c");
  assert.equal(client.rateLimit, Infinity);
});

test("waits as long as an overloaded rejection says", async () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  const first = client.observe("a");
  Socket.last.say({
    type: "ack",
    sequence_number: 1,
    status: "rejected",
    code: "overloaded",
    reason: "full",
    retry_after_ms: 1000,
  });
  assert.equal((await first).code, "overloaded");
  client.observe("b");
  clock.advance(999);
  assert.deepEqual(Socket.last.sequences, [1]);
  clock.advance(200);
  assert.deepEqual(Socket.last.sequences, [1, 2]);
});

test("pauses and resumes, also over a break", async () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  const paused = client.pause();
  await settle();
  Socket.last.say({ type: "status", state: "PAUSED" });
  await paused;
  client.observe("a");
  assert.deepEqual(Socket.last.sequences, []);
  Socket.last.cut();
  clock.advance(50);
  Socket.last.welcome();
  assert.deepEqual(Socket.last.of("flow_control").map((m) => m.action), ["pause"]);
  assert.deepEqual(Socket.last.sequences, []);
  Socket.last.cut();
  const resumed = client.resume();
  clock.advance(100);
  Socket.last.welcome();
  assert.deepEqual(Socket.last.of("flow_control").map((m) => m.action), ["resume"]);
  assert.deepEqual(Socket.last.sequences, [1]);
  Socket.last.say({ type: "status", state: "ACTIVE" });
  await resumed;
});

test("settles ranges, with those that were rejected", async () => {
  const { client, Socket } = start({ batchedAcks: true });
  Socket.last.welcome();
  const verdicts = [1, 2, 3].map((n) => client.observe({ id: `e${n}`, what: "x" }));
  Socket.last.say({
    type: "ack_batch",
    from: 1,
    to: 3,
    committed_at: "2026-01-02T03:04:05Z",
    rejected: [{ sequence_number: 2, code: "invalid_embedding", reason: "NaN" }],
  });
  assert.deepEqual(
    (await Promise.all(verdicts)).map((v) => [v.status, v.memoryId ?? v.code]),
    [["accepted", "e1"], ["rejected", "invalid_embedding"], ["accepted", "e3"]],
  );
});

test("takes a silent connection for broken", () => {
  const { client, clock, Socket, of } = start({ silenceTimeoutMs: 1000 });
  Socket.last.welcome();
  clock.advance(900);
  Socket.last.say({ type: "heartbeat", session_id: "s1" });
  clock.advance(900);
  assert.equal(client.state, "open");
  clock.advance(150);
  assert.equal(client.state, "waiting");
  assert.equal(Socket.all[0].closed.code, 4001);
  assert.equal(of("disconnect").length, 1);
});

test("tries again when the server accepts the connection but never answers", () => {
  const { clock, Socket } = start({ connectTimeoutMs: 1000 });
  Socket.last.open();
  clock.advance(1000);
  assert.equal(Socket.all[0].closed.code, 4002);
  clock.advance(50);
  assert.equal(Socket.all.length, 2);
});

test("backs off while there is no server, and gives up when told to", async () => {
  const { client, clock, Socket, events } = start({ reconnect: { baseMs: 100, maxAttempts: 2 } });
  const waiting = client.observe("x");
  for (let i = 0; i < 3; i++) {
    Socket.last.cut();
    clock.advance(1000);
  }
  assert.equal(Socket.all.length, 3);
  await assert.rejects(client.connect(), { code: "gave_up" });
  await assert.rejects(waiting, { code: "gave_up" });
  assert.deepEqual(
    events.map(([type, detail]) => [type, detail.retryInMs]),
    [["disconnect", 50], ["disconnect", 100], ["close", undefined]],
  );
});

test("does not try again what can never succeed", async () => {
  const { client, Socket } = start({ space: "NO" });
  Socket.last.open();
  Socket.last.say({ type: "error", code: "invalid_space", message: "Invalid memory_space_id: NO" });
  await assert.rejects(client.connect(), { code: "invalid_space" });
  assert.equal(client.state, "closed");
});

test("does not fight for a session that another connection took over", async () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  const lost = client.observe("x");
  Socket.last.say({ type: "error", code: "session_taken_over", message: "taken over" });
  await assert.rejects(lost, { code: "session_taken_over" });
  clock.advance(60_000);
  assert.equal(Socket.all.length, 1);
});

test("out of step with the server, it gets in step by a new connection", async () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  const verdict = client.observe("x");
  Socket.last.say({ type: "error", code: "sequence_gap", message: "gap", sequence_number: 1 });
  clock.advance(50);
  Socket.last.welcome("s1", 0);
  assert.deepEqual(Socket.last.sequences, [1]);
  Socket.last.ack(1);
  assert.equal((await verdict).status, "accepted");
});

test("an observation the server cannot read fails alone; those behind it go again", async () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  const [bad, good] = [client.observe("bad"), client.observe("good")];
  Socket.last.say({ type: "error", code: "invalid_request", message: "no", sequence_number: 1 });
  await assert.rejects(bad, { code: "invalid_request" });
  clock.advance(50);
  Socket.last.welcome("s1", 0);
  assert.deepEqual(Socket.last.sequences, [1]);
  assert.equal(Socket.last.of("observation")[0].episode.what, "good");
  Socket.last.ack(1);
  assert.equal((await good).status, "accepted");
});

test("while the server cannot store, it waits longer and longer and loses nothing", async () => {
  const { client, clock, Socket } = start({ reconnect: { baseMs: 100 } });
  Socket.last.welcome();
  const verdict = client.observe("x");
  for (const delay of [50, 100, 200]) {
    Socket.last.say({
      type: "error",
      code: "storage_unavailable",
      message: "disk full",
      sequence_number: 1,
    });
    const before = Socket.all.length;
    clock.advance(delay - 1);
    assert.equal(Socket.all.length, before);
    clock.advance(1);
    assert.equal(Socket.all.length, before + 1);
    Socket.last.welcome("s1", 0);
  }
  Socket.last.ack(1);
  assert.equal((await verdict).status, "accepted");
});

test("a duplicate the server has already settled is told as settled", async () => {
  const { client, Socket } = start();
  Socket.last.welcome();
  const verdict = client.observe({ id: "mine", what: "x" });
  Socket.last.say({ type: "error", code: "sequence_duplicate", message: "was", sequence_number: 1 });
  assert.deepEqual(await verdict, { status: "settled", sequence: 1, memoryId: "mine" });
});

test("an observation over the size limit fails before it uses up a number", async () => {
  const { client, Socket } = start({ maxMessageBytes: 500 });
  Socket.last.welcome();
  const large = client.observe("x".repeat(600));
  const small = client.observe("y");
  await assert.rejects(large, { code: "message_too_large" });
  assert.deepEqual(Socket.last.sequences, [1]);
  Socket.last.ack(1);
  assert.equal((await small).status, "accepted");
});

test("refuses episodes that make no sense, by name", async () => {
  const { client } = start();
  for (const [episode, part] of [
    ["", /neither what nor embedding/],
    [{ what: "ä".repeat(40_000) }, /65536 bytes/],
    [{ what: "x", when: "yesterday" }, /when/],
    [{ embedding: [1, NaN] }, /finite/],
  ]) {
    await assert.rejects(
      client.observe(episode),
      (error) => error.code === "invalid_episode" && part.test(error.message),
    );
  }
});

const result = (id, ids, more) => ({
  type: "recall_result",
  request_id: id,
  results: ids.map((one) => ({ id: one })),
  more_results: more,
  snapshot_sequence: 7,
});

test("recalls whole answers and batches", async () => {
  const { client, Socket } = start();
  Socket.last.welcome();
  const whole = client.recall("question");
  Socket.last.say(result("r1", ["a"], true));
  Socket.last.say(result("r1", ["b"], false));
  assert.deepEqual((await whole).results.map((memory) => memory.id), ["a", "b"]);
  assert.equal((await whole).snapshotSequence, 7);

  const batches = client.recallBatches({ embedding: [1], maxResults: 20 });
  const first = batches.next();
  await settle();
  Socket.last.say(result("r2", ["a"], true));
  assert.deepEqual((await first).value.results[0].id, "a");
  Socket.last.say(result("r2", ["b"], false));
  assert.deepEqual((await batches.next()).value.results[0].id, "b");
  assert.equal((await batches.next()).done, true);
});

test("asks again after a break, but never gives a batch twice", async () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  const whole = client.recall("question");
  const batches = client.recallBatches("question");
  const first = batches.next();
  await settle();
  Socket.last.say(result("r1", ["a"], true));
  Socket.last.say(result("r2", ["a"], true));
  await first;
  Socket.last.cut();
  clock.advance(50);
  Socket.last.welcome();
  assert.deepEqual(Socket.last.of("recall").map((message) => message.request_id), ["r1"]);
  await assert.rejects(batches.next(), { code: "connection_lost" });
  Socket.last.say(result("r1", ["a"], true));
  Socket.last.say(result("r1", ["b"], false));
  assert.deepEqual((await whole).results.map((memory) => memory.id), ["a", "b"]);
});

test("a recall that the server refuses, that is aborted, that is one too many", async () => {
  const { client, Socket } = start({ maxPendingRecalls: 2 });
  Socket.last.welcome();
  const refused = client.recall({});
  Socket.last.say({ type: "error", code: "invalid_cue", message: "no" });
  await assert.rejects(refused, { code: "invalid_cue" });
  const abort = new AbortController();
  const aborted = client.recall("x", { signal: abort.signal });
  abort.abort();
  await assert.rejects(aborted, { code: "aborted" });
  client.recall("a");
  client.recall("b");
  await assert.rejects(client.recall("c"), { code: "too_many_recalls" });
});

test("a shutdown does not fail the recalls that wait", async () => {
  const { client, clock, Socket } = start();
  Socket.last.welcome();
  const recall = client.recall("x");
  Socket.last.say({ type: "error", code: "shutting_down", message: "later" });
  Socket.last.cut(1001);
  clock.advance(50);
  Socket.last.welcome();
  Socket.last.say(result("r1", ["a"], false));
  assert.equal((await recall).results.length, 1);
});

test("observes a source at the server's pace, and gives verdicts in order", async () => {
  const { client, Socket } = start({ maxUnacknowledged: 3 });
  Socket.last.welcome();
  let read = 0;
  const source = (function* () {
    while (read < 10) yield `line ${++read}`;
  })();
  const seen = [];
  const all = (async () => {
    for await (const verdict of client.observeAll(source)) seen.push(verdict.sequence);
  })();
  await settle();
  assert.ok(read <= 4, `read ${read} ahead`);
  for (let n = 1; n <= 10; n++) {
    Socket.last.ack(n);
    await settle();
  }
  await all;
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a consumer that stops early stops the source", async () => {
  const { client, Socket } = start();
  Socket.last.welcome();
  let stopped = false;
  const source = (async function* () {
    try {
      for (let n = 1; ; n++) {
        yield `line ${n}`;
        await settle();
      }
    } finally {
      stopped = true;
    }
  })();
  const verdicts = client.observeAll(source);
  const first = verdicts.next();
  await settle();
  Socket.last.ack(1);
  await first;
  await verdicts.return();
  await settle();
  await settle();
  assert.equal(stopped, true);
});

test("closes after everything has its verdict", async () => {
  const { client, clock, Socket, of } = start();
  Socket.last.welcome();
  const verdict = client.observe("x");
  const closing = client.close();
  await assert.rejects(client.observe("late"), { code: "closed" });
  Socket.last.cut();
  clock.advance(50);
  Socket.last.welcome("s1", 0);
  Socket.last.ack(1);
  await settle();
  assert.deepEqual(Socket.last.of("close"), [
    { type: "close", session_id: "s1", drain: true, last_sequence: 1 },
  ]);
  Socket.last.say({ type: "status", state: "CLOSED", last_sequence: 1 });
  assert.equal(await closing, 1);
  assert.equal((await verdict).status, "accepted");
  assert.equal(Socket.last.closed.code, 1000);
  assert.equal(of("close").length, 1);
  assert.equal(clock.waiting, 0, "leaves no timer behind");
});

test("closes at once without draining, and after its time with it", async () => {
  for (const options of [{ drain: false }, { timeoutMs: 100 }]) {
    const { client, clock, Socket } = start();
    Socket.last.welcome();
    const verdict = client.observe("x");
    const closing = client.close(options);
    clock.advance(100);
    await settle();
    clock.advance(100);
    assert.equal(await closing, 0);
    await assert.rejects(verdict, { code: "closed" });
    assert.equal(client.state, "closed");
  }
});

test("a paused client drains as well", async () => {
  const { client, Socket } = start();
  Socket.last.welcome();
  client.pause();
  client.observe("x");
  const closing = client.close();
  await settle();
  assert.deepEqual(Socket.last.sequences, [1]);
  Socket.last.ack(1);
  await settle();
  Socket.last.say({ type: "status", state: "CLOSED" });
  assert.equal(await closing, 1);
});

test("a listener that throws disturbs no other, and is reported", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL("support/throwing-listener.mjs", import.meta.url))],
    { encoding: "utf8" },
  );
  assert.match(stdout, /verdict 1/);
  assert.match(stderr, /Error: the listener's/);
  assert.equal(status, 1);
});

test("says what is wrong with its options", () => {
  const Socket = sockets();
  for (const [options, part] of [
    [{ url: "nonsense" }, /url: nonsense/],
    [{ url: "ftp://x" }, /url: ftp/],
    [{ url: "http://x", maxInFlight: 0 }, /maxInFlight: 0/],
  ]) {
    assert.throws(() => new MyelinClient({ WebSocket: Socket, ...options }), part);
  }
});
