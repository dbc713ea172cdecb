// The library client against a real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LibraryClient } from "../../dist/client/index.js";
import { embedding } from "../support/random.mjs";
import { Proxy } from "../support/proxy.mjs";
import { Server } from "../support/server.mjs";

let server;
let client;
before(async () => {
  server = await Server.start();
  client = new LibraryClient({ url: server.url });
});
after(() => server?.stop());

let made = 0;
const fresh = async (options = {}) => {
  const { id } = await client.create({ id: `ts-library-${++made}`, name: `Library ${made}`, ...options });
  return client.library(id);
};

test("creates, tells, changes, lists and deletes libraries", async () => {
  const library = await fresh({ description: "of tests", metadata: { team: "blue" } });
  const read = await library.get();
  assert.equal(read.description, "of tests");
  assert.deepEqual(read.metadata, { team: "blue" });
  assert.equal((await library.update({ name: "Renamed" })).name, "Renamed");
  const ids = [];
  for await (const one of client.list()) ids.push(one.id);
  assert.ok(ids.includes(library.id));
  await assert.rejects(client.create({ id: library.id, name: "Again" }), { status: 409 });
  await library.delete();
  await assert.rejects(library.get(), { code: "library_not_found", status: 404 });
});

test("a document is found the moment it is added, and changes only if it is the one that was read", async () => {
  const library = await fresh();
  const added = await library.add({
    id: "cats",
    title: "Cats",
    texts: ["Cats purr when they are content.", "A cat sleeps most of the day."],
    author: "Kim",
    tags: ["pets"],
    metadata: { year: 2024 },
  });
  assert.equal(added.passageCount, 2);
  assert.deepEqual(added.metadata, { year: 2024 });
  assert.equal(added.passages[1].index, 1);
  const [hit] = await library.search("animals that sleep");
  assert.equal(hit.documentId, "cats");
  assert.ok(hit.distance >= 0 && hit.distance < 1);
  const filters = [{ field: "year", operator: "lt", value: 2020 }];
  assert.deepEqual(await library.search({ query: "cat", filters }), []);
  const [both] = await library.search({ query: "purr", hybrid: true });
  assert.match(both.text, /purr/);

  const { version } = await library.document("cats");
  const changed = await library.updateDocument("cats", { title: "All cats" }, { ifVersion: version });
  assert.equal(changed.title, "All cats");
  assert.equal(changed.author, "Kim");
  await assert.rejects(library.deleteDocument("cats", { ifVersion: version }), { status: 412 });
  await library.deleteDocument("cats", { ifVersion: changed.version });
  await assert.rejects(library.document("cats"), { code: "document_not_found" });
});

test("batches tell of each document, with texts and with embeddings", async () => {
  const library = await fresh({ dimension: 32 });
  const outcome = await library.addAll([
    { id: "a", passages: [{ text: "first", embedding: embedding(1, 32) }] },
    { id: "b", passages: [{ text: "of another length", embedding: embedding(2, 31) }] },
    { id: "c", passages: [{ text: "third", embedding: embedding(3, 32) }] },
  ]);
  assert.equal(outcome.succeeded, 2);
  assert.equal(outcome.items[0].documentId, "a");
  assert.match(outcome.items[1].error, /32/);
  const [hit] = await library.search({ embedding: embedding(3, 32), k: 1, includeEmbeddings: true });
  assert.equal(hit.documentId, "c");
  assert.equal(hit.passage.embedding.length, 32);
  assert.equal((await library.statistics()).documentCount, 2);
  const ids = [];
  for await (const one of library.documents()) ids.push(one.id);
  assert.deepEqual(ids, ["a", "c"]);
  const gone = await library.deleteDocuments(["a", "nobody"]);
  assert.equal(gone.succeeded, 1);
  assert.match(gone.items[1].error, /nobody/);
});

test("follows every change, each once, over connections that are cut", { timeout: 180_000 }, async () => {
  const COUNT = 200;
  const library = await fresh({ dimension: 8 });
  const proxy = await Proxy.start(server.port);
  const away = new LibraryClient({ url: proxy.url, retries: { baseMs: 5, maxMs: 50 } });
  const since = (await library.statistics()).lastOffset;
  const seen = [];
  const following = (async () => {
    for await (const change of away.library(library.id).follow({ since, types: ["document.*"] })) {
      seen.push(change);
      if (seen.length % 40 === 0) proxy.cut();
      if (seen.length === COUNT) return;
    }
  })();
  for (let i = 0; i < COUNT; i++) {
    await library.add({ id: `d${i}`, passages: [{ text: `text ${i}`, embedding: embedding(i, 8) }] });
  }
  await following;
  await proxy.stop();
  assert.ok(proxy.cuts >= 4);
  const offsets = seen.map((change) => change.offset);
  assert.deepEqual(offsets, [...new Set(offsets)].sort((a, b) => a - b));
  let page = await library.changes(since, { types: ["document.*"], limit: 150 });
  const listed = [...page.changes];
  assert.equal(page.hasMore, true);
  page = await library.changes(page.nextSince, { types: ["document.*"], limit: 150 });
  listed.push(...page.changes);
  assert.deepEqual(seen, listed);
});

test("a feed ends with its library", { timeout: 60_000 }, async () => {
  const library = await fresh();
  const feed = library.follow();
  const first = feed.next();
  const last = (async () => {
    const types = [(await first).value.type];
    for await (const change of feed) types.push(change.type);
    return types;
  })();
  // The feed has fixed its beginning once its connection is there.
  let added = false;
  first.then(() => (added = true));
  for (let i = 0; !added; i++) {
    await library.add({ id: `d${i}`, text: "Something." });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await library.delete();
  assert.equal((await last).at(-1), "library.deleted");
});

test("imports, exports and deletes by jobs", { timeout: 120_000 }, async () => {
  const library = await fresh();
  const documents = Array.from({ length: 30 }, (_, i) => ({ id: `d${i}`, text: `Document ${i} says something.` }));
  const accepted = await client.jobs.importDocuments(library.id, [...documents, { id: "bad", title: "" }], {
    deferEmbedding: true,
  });
  assert.equal(accepted.type, "batch_import");
  const imported = await client.jobs.completed(accepted.id);
  assert.equal(imported.result.imported, 30);
  assert.equal(imported.result.failed, 1);
  assert.equal(imported.progress.percentage, 100);

  const exported = await client.jobs.completed((await client.jobs.exportDocuments(library.id)).id);
  const text = await new Response(await client.jobs.download(exported.id)).text();
  const ids = text.trim().split("\n").map((line) => JSON.parse(line).id);
  assert.deepEqual(new Set(ids), new Set(documents.map((one) => one.id)));

  const deleted = await client.jobs.completed((await client.jobs.deleteDocuments(library.id, ["d0", "d1"])).id);
  assert.equal(deleted.result.deleted, 2);
  const listed = [];
  for await (const job of client.jobs.list({ libraryId: library.id })) listed.push(job.id);
  assert.deepEqual(listed, [deleted.id, exported.id, accepted.id]);
  await assert.rejects(client.jobs.cancel(deleted.id), { status: 409 });
  await client.jobs.delete(deleted.id);
  await assert.rejects(client.jobs.get(deleted.id), { status: 404 });
});
