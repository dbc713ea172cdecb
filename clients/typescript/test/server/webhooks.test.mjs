// Webhooks by the client against a real server, to a target on this machine.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { LibraryClient, verifyWebhook } from "../../dist/client/index.js";
import { Server, until } from "../support/server.mjs";

const received = [];
let answer = 200;
let target;
let server;
let client;
before(async () => {
  process.env.MYELIN_WEBHOOKS_ALLOW_PRIVATE_TARGETS = "true";
  server = await Server.start();
  client = new LibraryClient({ url: server.url });
  target = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      received.push({ body: Buffer.concat(parts).toString(), headers: request.headers });
      response.writeHead(answer).end();
    });
  });
  await new Promise((resolve) => target.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  delete process.env.MYELIN_WEBHOOKS_ALLOW_PRIVATE_TARGETS;
  target?.close();
  await server?.stop();
});

test("makes a webhook, whose requests can be verified, and reads its log", { timeout: 120_000 }, async () => {
  const url = `http://127.0.0.1:${target.address().port}/hook`;
  await client.create({ id: "hooked", name: "Hooked" });
  const made = await client.webhooks.create({ url, events: ["document.*"], libraryId: "hooked" });
  assert.equal(made.status, "active");
  assert.ok(made.secret.length >= 16);
  assert.equal((await client.webhooks.get(made.id)).secret, undefined);

  await client.library("hooked").add({ id: "one", text: "Something happened." });
  await until("the webhook is told", () => received.length === 1);
  const [{ body, headers }] = received;
  const event = JSON.parse(body);
  assert.equal(event.type, "document.added");
  assert.equal(event.library_id, "hooked");
  await verifyWebhook(made.secret, body, headers["x-webhook-signature-timed"]);
  await assert.rejects(verifyWebhook(made.secret, `${body} `, headers["x-webhook-signature-timed"]));

  answer = 500;
  const failed = await client.webhooks.test(made.id);
  assert.equal(failed.success, false);
  assert.equal(failed.delivery.statusCode, 500);
  answer = 200;
  const rotated = await client.webhooks.rotate(made.id);
  assert.notEqual(rotated.secret, made.secret);
  assert.equal((await client.webhooks.test(made.id)).success, true);
  const last = received.at(-1);
  await verifyWebhook(rotated.secret, last.body, last.headers["x-webhook-signature-timed"]);

  const log = [];
  for await (const delivery of client.webhooks.deliveries(made.id)) log.push(delivery.eventType);
  assert.deepEqual(log.filter((type) => type === "document.added"), ["document.added"]);
  assert.equal((await client.webhooks.update(made.id, { status: "paused" })).status, "paused");
  const ids = [];
  for await (const one of client.webhooks.list()) ids.push(one.id);
  assert.deepEqual(ids, [made.id]);
  await client.webhooks.delete(made.id);
  await assert.rejects(client.webhooks.get(made.id), { status: 404 });
});
