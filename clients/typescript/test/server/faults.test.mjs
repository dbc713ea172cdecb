// Connections that break at any byte, a server that is killed: nothing is lost, nothing doubled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MyelinClient } from "../../dist/client/index.js";
import { Proxy } from "../support/proxy.mjs";
import { embedding, seeded } from "../support/random.mjs";
import { Server } from "../support/server.mjs";

const COUNT = 5_000;
const QUICK = { baseMs: 10, maxMs: 200 };

let server;
const clients = [];
before(async () => (server = await Server.start()));
after(async () => {
  await Promise.all(clients.map((client) => client.close({ drain: false })));
  await server?.stop();
});

async function connect(options) {
  const client = new MyelinClient({ url: server.url, reconnect: QUICK, ...options });
  clients.push(client); // one that a failed test leaves open would never let the process end
  await client.connect();
  return client;
}

/** Every id that the space recalls. */
async function recallAll(space) {
  const client = await connect({ space });
  const { results } = await client.recall({ maxResults: 10_000 });
  await client.close();
  return results.map((memory) => memory.id);
}

const sorted = (ids) => [...ids].sort();

for (const format of ["json", "binary"]) {
  for (const batchedAcks of [false, true]) {
    const name = `${format}-${batchedAcks ? "ranges" : "single"}`;
    test(`${name}: ${COUNT} observations through cuts at random bytes`, async () => {
      const random = seeded();
      const proxy = await Proxy.start(server.port, () => 2_000 + random(80_000));
      const space = `cuts-${name}`;
      const maxInFlight = 20 + random(500);
      const client = await connect({ url: proxy.url, space, format, batchedAcks, maxInFlight });
      const told = [];
      client.on("verdict", ({ sequence }) => told.push(sequence));
      const expected = [];
      const source = (function* () {
        for (let i = 1; i <= COUNT; i++) {
          expected.push(`o${i}`);
          yield { id: `o${i}`, what: `observation ${i}`, embedding: embedding(i, 16) };
        }
      })();
      const outcomes = { accepted: 0, settled: 0, rejected: 0 };
      let next = 1;
      for await (const verdict of client.observeAll(source)) {
        assert.equal(verdict.sequence, next++);
        outcomes[verdict.status]++;
      }
      await client.close();
      const cuts = proxy.cuts;
      await proxy.stop();
      console.log(`${name}: ${cuts} cuts, ${JSON.stringify(outcomes)}`);
      assert.ok(cuts >= 5, `${cuts} cuts`);
      assert.equal(outcomes.rejected, 0);
      assert.equal(outcomes.accepted + outcomes.settled, COUNT);
      assert.deepEqual(told, Array.from({ length: COUNT }, (_, i) => i + 1));
      assert.deepEqual(sorted(await recallAll(space)), sorted(expected));
    });
  }
}

test("recalls survive cuts too", async () => {
  const space = "cut-recalls";
  const random = seeded();
  const writer = await connect({ space });
  await Promise.all(Array.from({ length: 60 }, (_, i) => writer.observe(`event ${i}`)));
  await writer.close();
  const proxy = await Proxy.start(server.port);
  const client = await connect({ url: proxy.url, space });
  for (let round = 0; round < 20; round++) {
    const answers = Array.from({ length: 5 }, () => client.recall({ maxResults: 60 }));
    setTimeout(() => proxy.cut(), random(8));
    for (const { results } of await Promise.all(answers)) {
      assert.equal(new Set(results.map((memory) => memory.id)).size, 60);
    }
  }
  await client.close();
  await proxy.stop();
});

test("a server that is killed under load and started again has lost nothing", async () => {
  const space = "killed";
  const client = await connect({ space });
  const verdicts = [];
  const observe = (from, to) => {
    for (let i = from; i <= to; i++) verdicts.push(client.observe({ id: `k${i}`, what: `line ${i}` }));
  };
  observe(1, 3_000);
  await verdicts[500];
  const lost = client.once("disconnect");
  await server.end("SIGKILL");
  await lost;
  observe(3_001, 4_000);
  await server.begin();
  const statuses = new Set((await Promise.all(verdicts)).map((verdict) => verdict.status));
  assert.ok(!statuses.has("rejected"));
  assert.equal(await client.close(), 4_000);
  const expected = Array.from({ length: 4_000 }, (_, i) => `k${i + 1}`);
  assert.deepEqual(sorted(await recallAll(space)), sorted(expected));
});
