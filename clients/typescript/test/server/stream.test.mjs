// The client against a real server: what it says and hears, in both forms.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MyelinClient } from "../../dist/client/index.js";
import { embedding } from "../support/random.mjs";
import { Server, until } from "../support/server.mjs";

let server;
const clients = [];
before(async () => (server = await Server.start()));
after(async () => {
  await Promise.all(clients.map((client) => client.close({ drain: false })));
  await server?.stop();
});

let spaces = 0;
const connect = async (options = {}) => {
  const client = new MyelinClient({ url: server.url, space: `ts-${++spaces}`, ...options });
  clients.push(client); // one that a failed test leaves open would never let the process end
  await client.connect();
  return client;
};

for (const format of ["json", "binary"]) {
  test(`${format}: observes with everything and recalls it the moment it is acknowledged`, async () => {
    const client = await connect({ format });
    const verdict = await client.observe({
      id: "note-1",
      when: new Date("2024-10-30T12:00:00.250Z"),
      what: "Ada drank käse fondue in Bern",
      embedding: embedding(1, 32),
      confidence: 0.9,
      where: "Bern",
      who: ["Ada"],
      tags: ["dinner"],
      metadata: { source: "diary" },
    });
    assert.equal(verdict.status, "accepted");
    assert.equal(verdict.sequence, 1);
    assert.equal(verdict.memoryId, "note-1");
    assert.ok(Math.abs(verdict.committedAt - Date.now()) < 60_000);

    const { results, snapshotSequence } = await client.recall({
      text: "fondue",
      embedding: embedding(1, 32),
      includeEmbeddings: true,
    });
    assert.equal(results.length, 1);
    assert.ok(snapshotSequence >= 1);
    const [memory] = results;
    assert.equal(memory.id, "note-1");
    assert.equal(memory.content, "Ada drank käse fondue in Bern");
    assert.ok(Math.abs(memory.confidence - 0.9) < 1e-6);
    assert.equal(memory.when.getTime(), Date.parse("2024-10-30T12:00:00.250Z"));
    assert.ok(memory.similarity > 0.99);
    assert.equal(memory.where, "Bern");
    assert.deepEqual(memory.who, ["Ada"]);
    assert.deepEqual(memory.tags, ["dinner"]);
    assert.deepEqual(memory.metadata, { source: "diary" });
    assert.equal(memory.embedding.length, 32);

    const replaced = await client.observe({ id: "note-1", what: "Ada ate it, rather" });
    assert.equal(replaced.replaced, true);
    assert.equal(await client.close(), 2);
  });

  test(`${format}: a thousand observations, a thousand verdicts, in order`, async () => {
    const client = await connect({ format });
    let next = 1;
    for await (const verdict of client.observeAll(
      Array.from({ length: 1000 }, (_, i) => ({ what: `line ${i}`, embedding: embedding(i, 64) })),
    )) {
      assert.equal(verdict.sequence, next++);
      assert.equal(verdict.status, "accepted");
    }
    assert.equal(next, 1001);
    assert.equal(await client.close(), 1000);
  });

  test(`${format}: acknowledgements in ranges`, async () => {
    const client = await connect({ format, batchedAcks: true });
    const verdicts = await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        client.observe({ id: `b${i}`, embedding: i === 150 ? [1, 2, 3] : embedding(i, 16) }),
      ),
    );
    verdicts.forEach((verdict, i) => {
      assert.equal(verdict.sequence, i + 1);
      assert.equal(verdict.status, i === 150 ? "rejected" : "accepted");
    });
    assert.equal(verdicts[150].code, "dimension_mismatch");
    assert.equal(verdicts[299].memoryId, "b299");
    await client.close();
  });

  test(`${format}: recalls in batches, by time when there is no cue`, async () => {
    const client = await connect({ format });
    await Promise.all(Array.from({ length: 25 }, (_, i) => client.observe(`event ${i}`)));
    const sizes = [];
    const ids = new Set();
    for await (const batch of client.recallBatches({ maxResults: 25 })) {
      sizes.push(batch.results.length);
      for (const memory of batch.results) ids.add(memory.id);
    }
    assert.deepEqual(sizes, [10, 10, 5]);
    assert.equal(ids.size, 25);
    await client.close();
  });

  test(`${format}: applies conditions inside the search`, async () => {
    const client = await connect({ format });
    await client.observe({ id: "old", what: "tea", when: "2020-01-01T00:00:00Z", tags: ["a"] });
    await client.observe({ id: "new", what: "tea", when: "2024-01-01T00:00:00Z", who: ["Ada"] });
    const ids = async (query) =>
      (await client.recall({ text: "tea", ...query })).results.map((memory) => memory.id);
    assert.deepEqual(await ids({ from: new Date("2023-01-01") }), ["new"]);
    assert.deepEqual(await ids({ to: "2021-01-01T00:00:00Z" }), ["old"]);
    assert.deepEqual(await ids({ tags: ["a"] }), ["old"]);
    assert.deepEqual(await ids({ excludedTags: ["a"] }), ["new"]);
    assert.deepEqual(await ids({ people: ["ada"] }), ["new"]);
    await client.close();
  });

  test(`${format}: pauses and resumes`, async () => {
    const client = await connect({ format });
    await client.pause();
    const verdict = client.observe("while paused");
    const { results } = await client.recall({});
    assert.deepEqual(results, []);
    assert.equal(client.unacknowledged, 1);
    await client.resume();
    assert.equal((await verdict).status, "accepted");
    await client.close();
  });

  test(`${format}: what is refused says why`, async () => {
    const client = await connect({ format });
    await client.observe({ embedding: embedding(1, 8) });
    const wrong = await client.observe({ embedding: embedding(1, 9) });
    assert.equal(wrong.status, "rejected");
    assert.equal(wrong.code, "dimension_mismatch");
    assert.match(wrong.reason, /8/);
    assert.match(wrong.reason, /9/);
    await assert.rejects(client.recall({ embedding: embedding(1, 9) }), {
      code: "dimension_mismatch",
    });
    assert.equal((await client.observe("goes on")).status, "accepted");
    await client.close();
  });

  test(`${format}: tells when a text has its embedding`, async () => {
    const client = await connect({ format, indexedAcks: true });
    const indexed = client.once("indexed");
    const { sequence, memoryId } = await client.observe("The cat sleeps on the warm stove.");
    assert.deepEqual(await indexed, { sequence, memoryId });
    await client.close();
  });

  test(`${format}: embeddings as plain arrays are the same`, async () => {
    const client = await connect({ format, embeddings: "array" });
    const vector = embedding(7, 32);
    await client.observe({ id: "packed", embedding: vector });
    await client.observe({ id: "plain", embedding: Array.from(vector) });
    const { results } = await client.recall({ embedding: vector });
    assert.deepEqual(new Set(results.map((memory) => memory.id)), new Set(["packed", "plain"]));
    for (const memory of results) assert.ok(memory.similarity > 0.999);
    await client.close();
  });
}

test("two clients on one space see each other's acknowledged observations at once", async () => {
  const [one, two] = [await connect({ space: "shared" }), await connect({ space: "shared" })];
  for (let i = 0; i < 20; i++) {
    const [writer, reader] = i % 2 === 0 ? [one, two] : [two, one];
    await writer.observe({ id: `s${i}`, what: `unusualword${i}` });
    const { results } = await reader.recall(`unusualword${i}`);
    assert.ok(results.some((memory) => memory.id === `s${i}`), `s${i} is not recalled`);
  }
  await Promise.all([one.close(), two.close()]);
});

test("a session that another connection resumes is lost to the first one", async () => {
  const first = await connect();
  await first.observe("x");
  const closed = first.once("close");
  const second = await connect({ space: `ts-${spaces}`, session: first.session.id });
  assert.equal(second.session.resumed, true);
  assert.equal(second.session.initialSequence, 1);
  assert.equal((await closed).code, "session_taken_over");
  assert.equal((await second.observe("y")).sequence, 2);
  await second.close();
});

test("a space that cannot be is refused at once", async () => {
  const client = new MyelinClient({ url: server.url, space: "NO SUCH" });
  await assert.rejects(client.connect(), { code: "invalid_space" });
});

test("closing without draining fails what has no verdict", async () => {
  const client = await connect();
  const verdicts = Array.from({ length: 500 }, (_, i) => client.observe(`x ${i}`));
  await client.close({ drain: false });
  await until("all is settled", async () => {
    const outcomes = await Promise.allSettled(verdicts);
    return outcomes.every(({ status, reason }) => status === "fulfilled" || reason.code === "closed");
  });
});
