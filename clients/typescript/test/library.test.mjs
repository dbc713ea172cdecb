// The library client over real connections to a server that the test plays.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { LibraryClient, MyelinError, verifyWebhook } from "../dist/client/index.js";
import { serverSentEvents } from "../dist/client/library/event-stream.js";

const servers = [];
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** A client and the requests it made; each is answered by the next answer, the last one again and again. */
async function play(...answers) {
  const asked = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text) => (body += text));
    request.on("end", () => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      answers[Math.min(asked.length, answers.length) - 1](response, request);
    });
  });
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const client = new LibraryClient({ url, apiKey: "k".repeat(20), retries: { baseMs: 1, maxMs: 2 } });
  return { client, asked };
}

const json = (status, body, headers = {}) => (response) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const cut = (response) => response.destroy();
const busy = json(503, { error_type: "OverloadedError", detail: "Too much.", retry_after_ms: 1 });

const LIBRARY = {
  id: "papers",
  name: "Papers",
  description: null,
  num_documents: 2,
  num_chunks: 5,
  dimension: null,
  index_type: "auto",
  embedding_model: null,
  created_at: "2026-01-02T03:04:05Z",
  updated_at: "2026-01-02T03:04:05.5Z",
  metadata: { team: "a" },
};

test("says what was wrong in the server's own words and code", async () => {
  const { client } = await play(
    json(422, {
      error_type: "InvalidRequestError",
      detail: "documents[3].title is too long",
      field: "documents[3].title",
      request_id: "r-1",
    }),
  );
  await assert.rejects(client.library("papers").add({ text: "x" }), (error) => {
    assert.ok(error instanceof MyelinError);
    assert.equal(error.code, "invalid_request");
    assert.equal(error.status, 422);
    assert.equal(error.field, "documents[3].title");
    assert.equal(error.requestId, "r-1");
    assert.match(error.message, /too long/);
    return true;
  });
});

test("an answer that is no problem document has a code too", async () => {
  const { client } = await play((response) => response.writeHead(502).end("<html>"));
  await assert.rejects(client.library("papers").get(), { code: "http502", status: 502 });
});

test("shows its key, and asks for pages as they are used up", async () => {
  const first = json(200, [LIBRARY], { link: '</v1/libraries?cursor=p%20s>; rel="next"' });
  const { client, asked } = await play(first, json(200, [{ ...LIBRARY, id: "songs" }]));
  const ids = [];
  for await (const one of client.list()) ids.push(one.id);
  assert.deepEqual(ids, ["papers", "songs"]);
  assert.deepEqual(
    asked.map((one) => one.url),
    ["/v1/libraries", "/v1/libraries?cursor=p+s"],
  );
  assert.equal(asked[0].headers.authorization, `Bearer ${"k".repeat(20)}`);
});

test("tries again what is refused for now, with the same key", async () => {
  const { client, asked } = await play(busy, cut, json(201, LIBRARY));
  const made = await client.create({ name: "Papers" });
  assert.deepEqual(made.metadata, { team: "a" });
  assert.equal(made.description, undefined);
  assert.equal(made.updatedAt.getTime(), Date.parse("2026-01-02T03:04:05.500Z"));
  assert.equal(asked.length, 3);
  const keys = new Set(asked.map((one) => one.headers["idempotency-key"]));
  assert.equal(keys.size, 1);
  assert.match([...keys][0], /^[0-9a-f-]{36}$/);
});

test("does not repeat a change that may have been made", async () => {
  const { client, asked } = await play(cut);
  await assert.rejects(client.library("papers").update({ name: "P" }), { code: "connection_lost" });
  await assert.rejects(client.library("papers").deleteDocument("d"), { code: "connection_lost" });
  assert.equal(asked.length, 2);
});

test("gives up after so many attempts", async () => {
  const { client, asked } = await play(busy);
  await assert.rejects(client.library("papers").get(), { code: "overloaded", isTemporary: true });
  assert.equal(asked.length, 5);
});

test("a search changes nothing, carries no key, and is asked again", async () => {
  const found = { results: [], query_time_ms: 1, total_results: 0 };
  const { client, asked } = await play(cut, json(200, found));
  assert.deepEqual(await client.library("papers").search({ query: "x", hybrid: true, k: 3 }), []);
  assert.equal(asked.length, 2);
  assert.equal(asked[1].url, "/v1/libraries/papers/search/hybrid");
  assert.equal(asked[1].headers["idempotency-key"], undefined);
  assert.deepEqual(JSON.parse(asked[1].body), { query: "x", k: 3 });
});

test("a request without an answer ends at its time limit, or when the caller takes it back", async () => {
  const { asked } = await play(() => {});
  const url = `http://${asked.length === 0 ? servers.at(-1).address().address : ""}:${servers.at(-1).address().port}`;
  const hasty = new LibraryClient({ url, timeoutMs: 50, retries: { maxAttempts: 0 } });
  await assert.rejects(hasty.library("papers").get(), { code: "timeout" });
  const over = new AbortController();
  const following = hasty.library("papers").follow({ since: 0, signal: over.signal }).next();
  over.abort();
  await assert.rejects(following, { code: "aborted" });
});

test("goes on behind the last change after a break, and tells none twice", async () => {
  const event = (offset) =>
    `id: ${offset}\nevent: document.added\ndata: ${JSON.stringify({
      offset,
      event_id: `e${offset}`,
      event_type: "document.added",
      library_id: "papers",
      data: { n: offset },
      timestamp: "2026-01-02T03:04:05Z",
    })}\n\n`;
  const begin = (response) => response.writeHead(200, { "content-type": "text/event-stream" });
  const { client, asked } = await play(
    (response) => begin(response).write(`retry: 1000\n\n${event(4)}${event(7)}id: 9\ndata: {"off`, () => response.destroy()),
    busy,
    (response) => begin(response).write(event(7) + event(9) + event(12)),
  );
  const offsets = [];
  for await (const change of client.library("papers").follow({ since: 3, types: ["document.*"] })) {
    offsets.push(change.offset);
    if (change.offset === 12) break;
  }
  assert.deepEqual(offsets, [4, 7, 9, 12]);
  assert.equal(asked.length, 3);
  const url = new URL(asked[2].url, "http://x");
  assert.equal(url.searchParams.get("last_event_id"), "7");
  assert.equal(url.searchParams.get("event_types"), "document.*");
});

test("says where to begin anew when the changes are gone", async () => {
  const { client } = await play(json(410, { error_type: "GoneError", detail: "Gone.", oldest_offset: 40 }));
  await assert.rejects(client.library("papers").follow({ since: 3 }).next(), { code: "gone", oldestOffset: 40 });
});

test("refuses a URL that is none, and a batch of two kinds", async () => {
  assert.throws(() => new LibraryClient({ url: "ftp://x" }), { code: "invalid_argument" });
  const { client } = await play(cut);
  const mixed = [{ text: "a" }, { passages: [{ text: "b", embedding: [1] }] }];
  await assert.rejects(client.library("papers").addAll(mixed), { code: "invalid_argument" });
});

test("reads events however their bytes are cut", async () => {
  const text = "\uFEFFid: 1\r\ndata: ä\r\ndata:b\r\n\r\n: comment\n\nid: 2\rdata: c\r\rdata\n\nevent: x\n\ndata: lost";
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size < 12; size++) {
    const body = new ReadableStream({
      start(out) {
        for (let i = 0; i < bytes.length; i += size) out.enqueue(bytes.subarray(i, i + size));
        out.close();
      },
    });
    const events = [];
    for await (const event of serverSentEvents(body, () => {})) events.push(event);
    assert.deepEqual(events, [
      { id: "1", data: "ä\nb" },
      { id: "2", data: "c" },
      { id: "2", data: "" },
    ]);
  }
});

test("knows a webhook's own request from forged, changed and old ones", async () => {
  const secret = "whsec_0123456789abcdef";
  const body = '{"id":"1","text":"ä"}';
  const now = new Date("2026-01-01T00:00:00Z");
  const seconds = now.getTime() / 1_000;
  const sign = (t, key = secret) => `t=${t},v1=${createHmac("sha256", key).update(`${t}.${body}`).digest("hex")}`;
  await verifyWebhook(secret, body, sign(seconds), now);
  await verifyWebhook(secret, new TextEncoder().encode(body), sign(seconds - 299), now);
  const refused = { code: "bad_signature" };
  await assert.rejects(verifyWebhook(secret, body, sign(seconds - 301), now), refused);
  await assert.rejects(verifyWebhook(secret, body, sign(seconds + 301), now), refused);
  await assert.rejects(verifyWebhook(secret, `${body} `, sign(seconds), now), refused);
  await assert.rejects(verifyWebhook(secret, body, sign(seconds, "another"), now), refused);
  for (const broken of [undefined, null, "", "v1=00", `t=${seconds}`, `t=x,v1=00`, `t=${seconds},v1=0g`]) {
    await assert.rejects(verifyWebhook(secret, body, broken, now), refused);
  }
});

test("waits for a job, and says why it failed", async () => {
  const job = (status, more = {}) =>
    json(200, { job_id: "j", job_type: "batch_import", status, progress: { current: 1 }, retries: 0, ...more });
  const { client, asked } = await play(job("pending"), job("running"), job("completed", { result: { imported: 2 } }));
  const seen = [];
  const done = await client.jobs.completed("j", { everyMs: 1, onProgress: (now) => seen.push(now.status) });
  assert.deepEqual(seen, ["pending", "running", "completed"]);
  assert.equal(done.result.imported, 2);
  assert.equal(asked.length, 3);
  const failing = await play(job("failed", { error: "No model." }));
  await assert.rejects(failing.client.jobs.completed("j"), { code: "job_failed", message: "No model." });
});
