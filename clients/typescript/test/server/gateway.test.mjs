// The gateway client against a real server: who it is, what it hears, and that nothing is lost or doubled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GatewayClient, LibraryClient, memoryStore } from "../../dist/client/index.js";
import { Proxy } from "../support/proxy.mjs";
import { Server, until } from "../support/server.mjs";
import { SECRET, token } from "../support/tokens.mjs";

const QUICK = { baseMs: 10, maxMs: 200 };
const PATIENCE_MS = 60_000;

let server;
const clients = [];
before(async () => (server = await Server.start([], { MYELIN_AUTH_JWT_SECRET: SECRET })));
after(async () => {
  for (const client of clients) client.close();
  await server?.stop();
});

let users = 0;
/** A client of a user of its own. */
function open(options = {}) {
  const user = `user-${++users}`;
  const client = new GatewayClient({ url: server.url, token: () => token(user), reconnect: QUICK, ...options });
  clients.push(client); // one that a failed test leaves open would never let the process end
  return Object.assign(client, { user });
}

async function connect(options) {
  const client = open(options);
  await client.connect();
  return client;
}

/** The numbers that are told on a channel, in order. */
function numbers(channel) {
  const told = [];
  channel.on("test.number", ({ payload, replayed }) => told.push({ n: payload.n, replayed }));
  return told;
}

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
const eventually = (what, condition) => until(what, condition, PATIENCE_MS);

test("says who it is, publishes, hears and reads", async () => {
  const [ann, bob] = [await connect(), await connect()];
  assert.equal(ann.session.user.id, ann.user);
  assert.equal(ann.session.user.tenant_id, "t1");
  assert.equal(ann.session.status, "connected");
  const told = numbers(ann.channel("team:first"));
  const state = await ann.channel("team:first").subscribe();
  assert.equal(state.offset, 0);
  const published = [];
  for (const n of upTo(5)) published.push(await bob.channel("team:first").publish("test.number", { n }));
  await eventually("all are told", () => told.length === 5);
  assert.deepEqual(told.map(({ n }) => n), upTo(5));
  assert.deepEqual(published.map(({ offset }) => offset), upTo(5));
  assert.ok(published.every(({ epoch, duplicate }) => epoch === state.epoch && !duplicate));
  const page = await bob.channel("team:first").history({ after: 2, limit: 2 });
  assert.deepEqual(page.events.map(({ offset, payload }) => [offset, payload.n]), [[3, 3], [4, 4]]);
  assert.equal(page.hasMore, true);
});

test("a command that is sent again by its id is done once", async () => {
  const [ann, bob] = [await connect(), await connect()];
  const channel = ann.channel("team:once");
  const told = numbers(bob.channel("team:once"));
  await bob.channel("team:once").subscribe();
  const first = await channel.publish("test.number", { n: 1 }, { id: "the-same" });
  const again = await channel.publish("test.number", { n: 1 }, { id: "the-same" });
  assert.equal(again.duplicate, true);
  assert.equal(again.offset, first.offset);
  await assert.rejects(channel.publish("test.number", { n: 2 }, { id: "the-same" }), { code: 4009 });
  await channel.publish("test.number", { n: 3 });
  await eventually("what came after is told", () => told.at(-1)?.n === 3);
  assert.deepEqual(told.map(({ n }) => n), [1, 3]);
});

test("is cut off, resumes, and has missed nothing; what it published is there once", async () => {
  const proxy = await Proxy.start(server.port);
  const ann = open({ url: proxy.url });
  const bob = await connect();
  const told = numbers(ann.channel("team:cut"));
  const statuses = [];
  ann.on("connected", ({ status }) => statuses.push(status));
  await ann.connect();
  await ann.channel("team:cut").subscribe();
  const all = [];
  for (const n of upTo(24)) {
    const publisher = n % 2 === 0 ? ann : bob;
    const published = publisher.channel("team:cut").publish("test.number", { n });
    if (n % 8 === 4) proxy.cut();
    all.push((await published).offset);
  }
  assert.deepEqual([...all].sort((a, b) => a - b), upTo(24));
  await eventually("all are told", () => told.length === 24);
  assert.deepEqual(told.map(({ n }) => n), upTo(24));
  assert.deepEqual(statuses, ["connected", "resumed", "resumed", "resumed"]);
  ann.close();
  await proxy.stop();
});

test("misses nothing on its own channel, not even what comes before the first event was seen", async () => {
  const proxy = await Proxy.start(server.port);
  const ann = open({ url: proxy.url });
  const bob = await connect();
  const own = `user:${ann.user}`;
  const told = numbers(ann.channel(own));
  const known = ann.once("channel.subscribed"); // nobody asks for it
  await ann.connect();
  assert.equal((await known).channel, own);
  for (const n of upTo(9)) {
    if (n % 4 === 1) {
      await eventually("it is there", () => ann.state === "connected");
      const lost = ann.once("disconnected");
      proxy.cut();
      await lost;
    }
    await bob.channel(own).publish("test.number", { n });
  }
  await eventually("all are told", () => told.length === 9);
  assert.deepEqual(told.map(({ n }) => n), upTo(9));
  assert.equal(ann.channel(own).position.offset, 9);
  ann.close();
  await proxy.stop();
});

test("a page that is reloaded goes on where it was", async () => {
  const proxy = await Proxy.start(server.port);
  const [store, user] = [memoryStore(), "reloading"];
  const options = { store, storeKey: "page", token: () => token(user) };
  const bob = await connect();
  const old = await connect({ ...options, url: proxy.url, reconnect: { baseMs: 3_600_000, maxMs: 3_600_000 } });
  const before = numbers(old.channel("team:reload"));
  await old.channel("team:reload").subscribe();
  for (const n of upTo(3)) await bob.channel("team:reload").publish("test.number", { n });
  await eventually("three are told", () => before.length === 3);
  const copy = memoryStore(); // as the browser keeps it when the page goes, without a word to the server
  await eventually("the position is written", () => store.getItem("myelin.gateway:page:state").includes('"offset":3'));
  copy.setItem("myelin.gateway:page:state", store.getItem("myelin.gateway:page:state"));
  await proxy.stop();
  for (const n of [4, 5]) await bob.channel("team:reload").publish("test.number", { n });

  const reloaded = open({ ...options, store: copy });
  const after = numbers(reloaded.channel("team:reload"));
  assert.equal((await reloaded.connect()).status, "resumed");
  await reloaded.channel("team:reload").subscribe();
  await bob.channel("team:reload").publish("test.number", { n: 6 });
  await eventually("what was missed is told", () => after.at(-1)?.n === 6);
  assert.deepEqual(after.map(({ n }) => n), [4, 5, 6]);
  assert.equal(after[0].replayed, true);
});

test("a server that is killed and started again has lost nothing, and does nothing twice", async () => {
  const [ann, bob] = [await connect(), await connect()];
  const told = numbers(ann.channel("team:killed"));
  await ann.channel("team:killed").subscribe();
  for (const n of upTo(5)) await bob.channel("team:killed").publish("test.number", { n });
  const lost = ann.once("disconnected");
  await server.end("SIGKILL");
  await lost;
  const waiting = [6, 7].map((n) => bob.channel("team:killed").publish("test.number", { n }));
  const back = ann.once("connected");
  await server.begin();
  assert.equal((await back).status, "fresh");
  assert.deepEqual((await Promise.all(waiting)).map(({ offset }) => offset), [6, 7]);
  await eventually("all are told", () => told.length === 7);
  assert.deepEqual(told.map(({ n }) => n), upTo(7));
});

test("sees who comes and who goes", async () => {
  const [ann, bob] = [await connect(), await connect()];
  const room = ann.channel("team:room");
  await room.subscribe({ presence: "full" });
  await eventually("it sees itself", () => room.roster.get(ann.user) !== undefined);
  await bob.channel("team:room").subscribe({ presence: "full" });
  await eventually("it sees who came", () => room.roster.get(bob.user) !== undefined);
  await eventually("and is seen", () => bob.channel("team:room").roster.get(ann.user) !== undefined);
  await bob.channel("team:room").setPresence({ status: "busy", activity: { type: "editing" } });
  await eventually("it sees what it does", () => room.roster.get(bob.user).status === "busy");
  assert.deepEqual(room.roster.get(bob.user).activity, { type: "editing" });
  bob.close();
  await eventually("it sees who went", () => room.roster.get(bob.user) === undefined);
});

test("refreshes its token in time, and the connection goes on", async () => {
  let tokens = 0;
  const lifetimes = [62, 600];
  const client = open({ token: () => token("refreshing", lifetimes[tokens++]) });
  const refreshed = client.once("connection.refreshed");
  const breaks = [];
  client.on("disconnected", (close) => breaks.push(close));
  await client.connect();
  const { payload } = await refreshed;
  assert.ok(Date.parse(payload.expires_at) > Date.now() + 300_000);
  assert.equal(tokens, 2);
  await client.channel("team:refreshed").publish("test.number", { n: 1 });
  assert.deepEqual(breaks, []);
});

test("stops with a token that is wrong, and comes in with another one", async () => {
  await assert.rejects(open({ token: "x.y.z" }).connect(), { code: 4001, name: "INVALID_TOKEN" });
  let asked = 0;
  const client = await connect({ token: () => (++asked === 1 ? "x.y.z" : token("second-try")) });
  assert.equal(client.session.user.id, "second-try");
  assert.equal(asked, 2);
});

test("is told what it may not do, and what is wrong", async () => {
  const permissions = ["team:open:read"];
  const client = await connect({ token: () => token("reader", 600, { permissions }) });
  const left = [];
  client.channel("team:closed").on("unsubscribed", ({ error }) => left.push(error.code));
  const [open, closed] = await Promise.allSettled([
    client.channel("team:open").subscribe(),
    client.channel("team:closed").subscribe(),
  ]);
  assert.equal(open.status, "fulfilled");
  assert.equal(closed.reason.code, 4006);
  assert.equal(closed.reason.channel, "team:closed");
  assert.deepEqual(left, [4006]);
  await assert.rejects(client.channel("team:open").publish("test.number", { n: 1 }), { code: 4003 });
  await assert.rejects(client.send("no.such", {}), (error) => error.code === 4005 && error.commandId !== undefined);
  await assert.rejects(client.send("channel.history", { channel: "team:open", limit: "many" }), (error) => {
    assert.equal(error.code, 4005);
    assert.match(error.errors[0].path, /limit/);
    return true;
  });
  assert.equal(client.state, "connected");
});

test("hears nothing of another tenant", async () => {
  const [ann, eve] = [await connect(), await connect({ token: () => token("eve", 600, { tenant_id: "t2" }) })];
  const told = numbers(eve.channel("team:ours"));
  await eve.channel("team:ours").subscribe({ rewind: 100 });
  await ann.channel("team:ours").publish("test.number", { n: 1 });
  await eve.channel("team:ours").publish("test.number", { n: 2 });
  await eventually("its own is told", () => told.length > 0);
  assert.deepEqual(told.map(({ n }) => n), [2]);
});

test("hears the changes of a library", async () => {
  const libraries = new LibraryClient({ url: server.url, apiKey: token("librarian") });
  await libraries.create({ id: "papers", name: "Papers" });
  const client = await connect();
  const told = [];
  client.on("document.added", (event) => told.push(event));
  await client.channel("library:papers").subscribe();
  for (const n of upTo(3)) await libraries.library("papers").add({ id: `d${n}`, title: `Paper ${n}`, text: "Cats sleep." });
  await eventually("all are told", () => told.length === 3);
  assert.deepEqual(told.map(({ payload }) => payload.library_id), ["papers", "papers", "papers"]);
  assert.ok(told.every(({ channel }) => channel === "library:papers"));
  assert.equal(client.channel("library:papers").position.offset, told[2].offset);
});
