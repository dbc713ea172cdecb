// The gateway client over real sockets to a server that the test plays: connection, channels, presence, what is kept.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { GatewayClient, GatewayError, memoryStore } from "../dist/client/index.js";
import { GatewaySocket } from "../dist/client/gateway/socket.js";
import { ManualClock } from "./support/fakes.mjs";
import { play, recorded, state, until } from "./support/gateway.mjs";

const storeKey = ({ url }) => `myelin.gateway:${url.replace("http", "ws")}/ws:state`;

const member = (id, more = {}) => ({ id, status: "active", name: id.toUpperCase(), ...more });

test("greets, and tells each state once", async (t) => {
  const { server, client, told } = await play(t, { token: "key", clientId: "tab 1" });
  const peer = await server.welcome(1, { user: { id: "ann", tenant_id: "t1" } });
  assert.equal(peer.url, "/ws?client_id=tab+1");
  const { type, payload } = peer.greeting;
  assert.equal(type, "connection.init");
  assert.equal(payload.token, "key");
  assert.equal(payload.client_id, "tab 1");
  assert.equal(payload.version, "1.0");
  assert.ok(payload.capabilities.includes("resume"));
  const { name, version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  assert.deepEqual(payload.client, { name, version });
  await client.connect();
  assert.equal(client.session.user.id, "ann");
  assert.equal(client.session.connectionId, "c1");
  client.close();
  assert.deepEqual(told.state, ["connecting", "authenticating", "connected", "closed"]);
  assert.deepEqual(told.close, [undefined]);
  client.close();
  assert.equal(told.close.length, 1);
});

test("refuses options that are wrong, and says what was expected", () => {
  const wrong = [
    [{ url: "nowhere" }, /url: nowhere \(expected/],
    [{ url: "ftp://host" }, /http, https, ws or wss/],
    [{ url: "http://host", maxOutbox: 0 }, /maxOutbox: 0/],
    [{ url: "http://host", clientId: "" }, /1 to 128/],
    [{ url: "http://host", token: "t", ticket: () => "x" }, /one of token and ticket/],
  ];
  for (const [options, text] of wrong) {
    assert.throws(() => new GatewayClient(options), (error) => error instanceof GatewayError && text.test(error.message));
  }
  const client = new GatewayClient({ url: "https://host/" });
  assert.throws(() => client.channel("Core"), /type:id/);
  assert.equal(client.channel("team:core"), client.channel("team:core"));
});

test("a close leaves no timer behind, at any moment", async (t) => {
  const { server, client, clock, open } = await play(t);
  client.close(); // connecting
  assert.equal(clock.waiting, 0);
  const second = open();
  await server.welcome(1).catch(() => server.welcome(2));
  await until("connected", () => second.state === "connected");
  void second.send("x.y", {});
  second.channel("team:core").subscribe();
  second.close();
  assert.equal(clock.waiting, 0);
  const third = open();
  const peer = server.peers.length;
  (await server.peer(peer + 1)).cut();
  await until("it waits", () => third.state === "waiting");
  third.close();
  assert.equal(clock.waiting, 0);
});

test("many channels of one moment are asked for together, fifty at a time", async (t) => {
  const { server, client } = await play(t);
  const names = Array.from({ length: 60 }, (_, i) => `team:t${i}`);
  const all = names.map((name) => client.channel(name).subscribe({ presence: "count", rewind: 3, types: ["a.b"] }));
  const peer = await server.welcome(1);
  const first = await peer.subscribed();
  const second = await peer.subscribed();
  assert.equal(first.length, 50);
  assert.equal(second.length, 10);
  assert.deepEqual(first[0], { type: "team", id: "t0", rewind: 3, presence: "count", filter: { types: ["a.b"] } });
  assert.equal((await Promise.all(all)).length, 60);
  assert.ok(client.channel("team:t59").isSubscribed);
});

test("a channel that is refused fails alone; one that came too fast is asked for later", async (t) => {
  const { server, client, clock } = await play(t);
  const results = ["team:no", "team:yes", "team:later"].map((name) => client.channel(name).subscribe());
  const left = [];
  client.channel("team:no").on("unsubscribed", (detail) => left.push(detail));
  const peer = await server.welcome(1);
  const asked = await peer.next("channel.subscribe");
  const refuse = (code, name, channel, more = {}) =>
    peer.say({ id: name, type: "error", payload: { code, name, message: "No.", details: { channel }, ...more } });
  refuse(4006, "CHANNEL_NOT_FOUND", "team:no");
  refuse(4004, "RATE_LIMIT_EXCEEDED", { type: "team", id: "later" }, { retry_after_ms: 2_000 });
  peer.say({ id: "s", type: "channel.subscribed", payload: state("team:yes") });
  const before = clock.waiting;
  peer.reply(asked, { status: "accepted", result: { subscribed: 1, failed: 2 } });
  await assert.rejects(results[0], { code: 4006, channel: "team:no" });
  assert.equal((await results[1]).epoch, "e1");
  await until("it waits with the third", () => clock.waiting >= before);
  assert.equal(left[0].reason, "refused");
  clock.advance(3_000);
  assert.deepEqual((await peer.subscribed()).map(({ id }) => id), ["later"]);
  await results[2];
});

test("an error of another command on the channel does not end its subscription", async (t) => {
  const { server, client } = await play(t);
  const subscribed = client.channel("team:core").subscribe();
  const published = client.channel("team:core").publish("team.activity", {});
  const peer = await server.welcome(1);
  const command = await peer.next("channel.publish");
  const error = { code: 4003, name: "PERMISSION_DENIED", message: "No.", request_type: "channel.publish" };
  peer.reply(command, { ...error, context: { channel: "team:core" } }, "error");
  await assert.rejects(published, { code: 4003 });
  await peer.subscribed();
  await subscribed;
});

test("the last events of a channel come first, if they are asked for", async (t) => {
  const { server, client, told } = await play(t);
  const channel = client.channel("library:papers");
  void channel.subscribe({ rewind: 2 });
  const peer = await server.welcome(1);
  const [asked] = await peer.subscribed({ offset: 40, replay_count: 2 });
  assert.equal(asked.rewind, 2);
  const change = (offset, previous_offset) =>
    peer.say({ id: `l${offset}`, type: "document.added", channel: "library:papers", offset, previous_offset, payload: {} });
  change(30, 20);
  change(40, 30);
  change(50, 40);
  await until("all are told", () => channel.position?.offset === 50);
  assert.deepEqual(channel.position, { epoch: "e1", offset: 50 });
  const offsets = told.event.filter(({ type }) => type === "document.added").map(({ offset }) => offset);
  assert.deepEqual(offsets, [30, 40, 50]);
  assert.equal(peer.of("channel.subscribe").length, 1);
});

test("a resumed session is not subscribed anew, but for what it does not have", async (t) => {
  const { server, client, clock, told } = await play(t);
  void client.channel("team:a").subscribe();
  void client.channel("team:b").subscribe();
  const first = await server.welcome(1);
  await first.subscribed({ offset: 3 });
  await until("both are there", () => client.channel("team:b").isSubscribed);
  first.cut();
  await until("it waits", () => client.state === "waiting");
  assert.equal(client.channel("team:a").isSubscribed, false);
  clock.advance(500);
  const replay = { offset: 5, was_recovering: true, recovered: true, recovery: "replay", replay_count: 2 };
  const second = await server.welcome(2, { status: "resumed", channels: [state("team:a", replay)] });
  assert.deepEqual(second.greeting.payload.positions.map(({ offset }) => offset), [3, 3]);
  second.event("team:a", 4, { replayed: true });
  second.event("team:a", 5, { replayed: true });
  const asked = await second.subscribed({ offset: 3 });
  assert.deepEqual(asked, [{ type: "team", id: "b", epoch: "e1", offset: 3 }]);
  await until("nothing was missed", () => client.channel("team:a").position.offset === 5);
  const told5 = told.event.filter(({ type }) => type === "team.activity");
  assert.deepEqual(told5.map(({ offset }) => offset), [4, 5]);
});

test("what an earlier page had subscribed waits for this one, and is left if it does not come", async (t) => {
  const store = memoryStore();
  const { server, client, open, clock } = await play(t, { store });
  void client.channel("team:kept").subscribe();
  void client.channel("team:left").subscribe();
  const first = await server.welcome(1);
  await first.subscribed({ offset: 1 });
  await until("there", () => client.channel("team:left").isSubscribed);
  // The old page is gone without a close: its session and positions are in the store.
  clock.advance(250);
  const reloaded = open();
  const channels = [state("team:kept", { offset: 2, recovery: "replay", replay_count: 1 }), state("team:left", { offset: 1 })];
  const second = await server.welcome(2, { status: "resumed", channels });
  assert.equal(second.greeting.type, "connection.reconnect");
  second.event("team:kept", 2, { replayed: true }); // before the page has said that it wants it
  second.event("team:kept", 3);
  await until("connected", () => reloaded.state === "connected");
  await until("both are read", () => second.got.length > 0);
  const told = recorded(reloaded);
  void reloaded.channel("team:kept").subscribe();
  const [asked] = await second.subscribed({ offset: 3, was_recovering: true, recovered: true, recovery: "replay", replay_count: 2 });
  assert.equal(asked.offset, 1);
  second.event("team:kept", 2, { replayed: true });
  second.event("team:kept", 3, { replayed: true });
  await until("told", () => reloaded.channel("team:kept").position.offset === 3);
  assert.deepEqual(told.event.filter(({ offset }) => offset).map(({ offset }) => offset), [2, 3]);
  clock.advance(5_000);
  assert.deepEqual((await second.next("channel.unsubscribe")).payload, { channels: ["team:left"] });
  clock.advance(250);
  assert.deepEqual(Object.keys(JSON.parse(store.getItem(storeKey(server))).positions), ["team:kept"]);
});

test("a channel that the server takes away is gone, or comes again if it says so", async (t) => {
  const { server, client } = await play(t);
  const channel = client.channel("team:core");
  const left = [];
  channel.on("unsubscribed", (detail) => left.push(detail.reason));
  void channel.subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed();
  const leave = (reason, resubscribe) =>
    peer.say({ id: reason, type: "channel.unsubscribed", payload: { channel: { type: "team", id: "core" }, reason, resubscribe } });
  leave("insufficient_state", true);
  await peer.subscribed();
  await until("again", () => channel.isSubscribed);
  leave("permission_revoked", false);
  await until("gone", () => !channel.isSubscribed);
  assert.deepEqual(left, ["permission_revoked"]);
  assert.equal(channel.position, undefined);
});

test("unsubscribes, and hears nothing of what was still under way", async (t) => {
  const { server, client, told } = await play(t);
  const channel = client.channel("team:core");
  void channel.subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed();
  await until("there", () => channel.isSubscribed);
  const left = channel.unsubscribe();
  peer.event("team:core", 1);
  const command = await peer.next("channel.unsubscribe");
  assert.deepEqual(command.payload, { channels: ["team:core"] });
  peer.reply(command);
  await left;
  assert.deepEqual(told.event.filter(({ type }) => type === "team.activity"), []);
  assert.equal(channel.position, undefined);
});

test("one's own channel is heard without asking, and what was missed there is asked for", async (t) => {
  const { server, client, clock, told } = await play(t);
  const first = await server.welcome(1);
  await until("connected", () => client.state === "connected");
  const note = (offset) =>
    first.say({ id: `n${offset}`, type: "team.notification", channel: "user:ann", epoch: "u1", offset, payload: { team_id: "core" } });
  note(1);
  note(2);
  note(2);
  await until("told", () => told.event.filter(({ type }) => type === "team.notification").length === 2);
  first.cut();
  await until("it waits", () => client.state === "waiting");
  clock.advance(500);
  const second = await server.welcome(2, { status: "fresh" });
  assert.deepEqual(second.greeting.payload.positions, [{ channel: "user:ann", epoch: "u1", offset: 2 }]);
  const [asked] = await second.subscribed({ epoch: "u1", offset: 2 });
  assert.deepEqual(asked, { type: "user", id: "ann", epoch: "u1", offset: 2 });
});

for (const status of ["connected", "resumed"]) {
  test(`one's own channel has a position before its first event, on a session that is ${status}`, async (t) => {
    const { server, client, clock } = await play(t);
    const own = client.channel("user:ann");
    const first = await server.welcome(1, { status, channels: [state("user:ann", { epoch: "u1", offset: 7 })] });
    await until("known", () => own.position !== undefined);
    assert.deepEqual(own.position, { epoch: "u1", offset: 7 });
    // A later word of where the log ends does not skip what this client has not seen.
    first.say({ id: "s", type: "channel.subscribed", payload: state("user:ann", { epoch: "u1", offset: 9 }) });
    first.say({ id: "n", type: "team.notification", channel: "user:ann", offset: 10, payload: {} });
    const [asked] = await first.subscribed({ epoch: "u1", offset: 10, recovery: "replay", recovered: true, replay_count: 3 });
    assert.deepEqual(asked, { type: "user", id: "ann", epoch: "u1", offset: 7 });
    assert.ok(clock.waiting > 0);
  });
}

test("knows who is there, from a snapshot and what changes, and asks again when something is missing", async (t) => {
  const { server, client, clock } = await play(t);
  const channel = client.channel("team:core");
  const changes = [];
  channel.on("presence", (change) => changes.push(change));
  void channel.subscribe({ presence: "full" });
  const peer = await server.welcome(1);
  await peer.subscribed();
  const tell = (payload, more = {}) =>
    peer.say({ id: "p", type: "channel.presence", ephemeral: true, payload: { channel: { type: "team", id: "core" }, ...payload }, ...more });
  tell({ kind: "snapshot", version: 7, users: [member("ann"), member("bob")], counts: { users: 2, connections: 3 } });
  tell({ kind: "diff", version: 8, joined: [member("cid")], left: [member("bob")], counts: { users: 2, connections: 2 } });
  tell({ kind: "diff", version: 8, left: [member("ann")], counts: { users: 1, connections: 1 } });
  await until("both are known", () => changes.length === 2);
  assert.deepEqual(channel.roster.members.map(({ id }) => id), ["ann", "cid"]);
  assert.deepEqual(changes[0].joined.map(({ id }) => id), ["ann", "bob"]);
  assert.deepEqual(changes[1].left.map(({ id }) => id), ["bob"]);
  assert.deepEqual(channel.roster.counts, { users: 2, connections: 2 });

  tell({ kind: "diff", version: 11, updated: [member("ann", { status: "away" })], counts: { users: 2, connections: 2 } });
  const question = await peer.next("channel.presence");
  assert.deepEqual(question.payload, { channel: "team:core", get: true });
  assert.equal(channel.roster.get("ann").status, "active");
  const users = [member("ann", { status: "away" }), member("dan")];
  tell({ kind: "snapshot", version: 11, users, counts: { users: 2, connections: 2 } }, { reply_to: question.id });
  await until("whole again", () => changes.length === 3);
  assert.deepEqual(changes[2].joined.map(({ id }) => id), ["dan"]);
  assert.deepEqual(changes[2].left.map(({ id }) => id), ["cid"]);
  assert.deepEqual(changes[2].updated.map(({ id }) => id), ["ann"]);
  assert.equal(client.unacknowledged, 0);

  peer.cut(); // one's own break is no reason to see an empty room
  await until("it waits", () => client.state === "waiting");
  assert.equal(channel.roster.members.length, 2);
  clock.advance(500);
  const second = await server.welcome(2);
  await second.subscribed();
  assert.equal(channel.roster.members.length, 2);
  const counts = { users: 300, connections: 400 };
  second.say({ id: "c", type: "channel.presence", payload: { channel: "team:core", kind: "count", version: 20, counts } });
  await until("counted", () => channel.roster.counts.users === 300);
  assert.deepEqual(channel.roster.members, []);
});

test("tells its own presence, and again when a session begins anew", async (t) => {
  const { server, client, clock } = await play(t);
  const channel = client.channel("team:core");
  void channel.subscribe({ presence: "full" });
  const first = await server.welcome(1);
  await first.subscribed();
  const told = channel.setPresence({ status: "busy", activity: { type: "editing" } });
  const own = await first.next("channel.presence");
  assert.deepEqual(own.payload, { channel: "team:core", status: "busy", activity: { type: "editing" } });
  first.reply(own);
  await told;
  first.cut();
  await until("it waits", () => client.state === "waiting");
  clock.advance(500);
  const second = await server.welcome(2, { status: "fresh", session_id: "s2" });
  await second.subscribed();
  assert.equal((await second.next("channel.presence")).payload.status, "busy");
});

test("reads the past of a channel", async (t) => {
  const { server, client } = await play(t);
  const page = client.channel("team:core").history({ after: 3, limit: 2 });
  const peer = await server.welcome(1);
  const asked = await peer.next("channel.history");
  assert.deepEqual(asked.payload, { channel: "team:core", after: 3, limit: 2 });
  const events = [4, 5].map((offset) => ({ id: `e${offset}`, type: "team.activity", offset, payload: { n: offset } }));
  peer.reply(asked, { events, has_more: true, epoch: "e1" }, "channel.history");
  const { events: read, hasMore, epoch } = await page;
  assert.deepEqual([hasMore, epoch], [true, "e1"]);
  assert.deepEqual(read.map(({ channel, offset, payload }) => [channel, offset, payload.n]), [
    ["team:core", 4, 4],
    ["team:core", 5, 5],
  ]);
  assert.equal(client.channel("team:core").position, undefined);
});

test("tells events by type, known or not, to the client and to their channel", async (t) => {
  const { server, client } = await play(t);
  const heard = [];
  client.on("team.activity", ({ payload }) => heard.push(["client", payload.activity.data.offset]));
  client.on("game.move", ({ type, payload, sender }) => heard.push([type, payload.to, sender]));
  client.channel("team:a").on("team.activity", () => heard.push(["a"]));
  client.channel("team:b").on("event", ({ type }) => heard.push(["b", type]));
  void client.channel("team:a").subscribe();
  void client.channel("team:b").subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed();
  peer.say([
    { id: "1", type: "team.activity", channel: "team:a", offset: 1, payload: { activity: { data: { offset: 1 } } } },
    { id: "2", type: "game.move", channel: "team:b", offset: 1, sender: "bob", to: "e4" },
    { id: "3", type: "state", channel: "team:b", payload: {} },
    { id: "4", type: "last.one", payload: {} },
  ]);
  await client.once("last.one");
  assert.deepEqual(heard.filter(([first]) => first !== "b"), [["a"], ["client", 1], ["game.move", "e4", "bob"]]);
  assert.deepEqual(heard.filter(([first]) => first === "b").map(([, type]) => type), ["channel.subscribed", "game.move"]);
});

test("takes a connection for dead whose heartbeats nobody answers, and for alive while they are", async (t) => {
  const { server, client, clock, told } = await play(t);
  const peer = await server.welcome(1);
  await until("connected", () => client.state === "connected");
  for (let i = 1; i <= 5; i++) {
    clock.advance(i === 1 ? 30_000 : 15_000);
    const beat = await peer.next("connection.heartbeat");
    peer.say({ id: `h${i}`, type: "connection.heartbeat", payload: { rtt_echo: beat.payload.timestamp } });
    await until("heard", () => told.event.filter(({ type }) => type === "connection.heartbeat").length === i);
    clock.advance(15_000);
    assert.equal(client.state, "connected");
  }
  clock.advance(15_000);
  await peer.next("connection.heartbeat");
  clock.advance(14_999);
  assert.equal(client.state, "connected");
  clock.advance(1);
  assert.equal(client.state, "waiting");
  assert.equal(told.disconnected[0].code, 4017);
});

test("a timer that was held up, as in a hidden tab, proves nothing", () => {
  const clock = new ManualClock();
  const sent = [];
  const ends = [];
  const socket = { readyState: 1, send: (text) => sent.push(text), close: () => {} };
  const connection = new GatewaySocket(socket, clock, { opened() {}, received() {}, ended: (close) => ends.push(close) });
  connection.keepAlive(30_000, 45_000, () => ({ type: "connection.heartbeat" }));
  clock.advance(30_000);
  assert.equal(sent.length, 1);
  const now = clock.now.bind(clock);
  clock.now = () => now() + 60_000; // the machine slept for a minute
  clock.advance(15_000);
  assert.deepEqual(ends, []);
  assert.equal(sent.length, 2); // asks once more
  clock.advance(5_000);
  assert.equal(ends[0].code, 4017);
  assert.equal(clock.waiting, 0);
});

test("a frame that is no message ends the connection, which comes back", async (t) => {
  for (const frame of ["{", '"text"', "{}", "[1]"]) {
    const { server, client, told } = await play(t);
    const peer = await server.welcome(1);
    await until("connected", () => client.state === "connected");
    peer.say(frame);
    await until("it waits", () => client.state === "waiting");
    assert.equal(told.disconnected[0].name, "BAD_MESSAGE");
  }
});

test("a server that does not answer is given up, and tried again", async (t) => {
  const { server, client, clock, told } = await play(t);
  const peer = await server.peer(1);
  await peer.next("connection.init");
  clock.advance(10_000);
  assert.equal(client.state, "waiting");
  assert.equal(told.disconnected[0].name, "CONNECT_TIMEOUT");
});

test("a token with no end in sight is not refreshed at once", async (t) => {
  let tokens = 0;
  const { server, client, clock } = await play(t, { token: () => `t${++tokens}` });
  const waits = [];
  const after = clock.after.bind(clock);
  clock.after = (milliseconds, task) => {
    waits.push(milliseconds);
    return after(milliseconds, task);
  };
  await server.welcome(1, { server_time: "2026-01-01T00:00:00Z", token_expires_at: "2027-01-01T00:00:00Z" });
  await until("connected", () => client.state === "connected");
  assert.ok(Math.max(...waits) <= 2 ** 31 - 1); // what a timer can wait
  assert.equal(tokens, 1);
});

test("what was said as somebody else is not said in the name of this one", async (t) => {
  const store = memoryStore();
  const { server, client, open } = await play(t, { store });
  void client.send("x.y", { by: "ann" }, { id: "hers" });
  void client.channel("team:core").subscribe();
  const first = await server.welcome(1);
  await first.next("x.y");
  await first.subscribed({ offset: 9 });
  await until("there", () => client.channel("team:core").isSubscribed);
  client.close();

  const other = open();
  const told = recorded(other);
  void other.send("x.y", { by: "bob" }, { id: "his" });
  void other.channel("team:core").subscribe();
  const second = await server.welcome(2, { user: { id: "bob", tenant_id: "t1" }, session_id: "s2" });
  assert.deepEqual((await second.next("x.y")).payload, { by: "bob" });
  const [asked] = await second.subscribed();
  assert.equal(asked.offset, undefined);
  assert.deepEqual(second.of("x.y").map(({ id }) => id), ["his"]);
  assert.deepEqual(told.settled.map(({ command, error }) => [command.id, error.name]), [["hers", "ABANDONED"]]);
});

test("a store that fails costs the reload, not the connection, and is told once", async (t) => {
  const setItem = () => {
    throw new Error("no room");
  };
  const { server, client, told } = await play(t, { store: { ...memoryStore(), setItem } });
  const reply = client.send("x.y", {});
  const peer = await server.welcome(1);
  peer.reply(await peer.next("x.y"));
  await reply;
  client.close();
  assert.deepEqual(told.error.map(({ name }) => name), ["STORE_FAILED"]);
  assert.match(told.error[0].message, /no room/);
});

for (const kept of ["{ no JSON", "[]", '{"session":7,"positions":{"team:core":{"offset":"x"}},"clientId":null}', '[{"id":1},null]']) {
  test(`what cannot be read in the store is as if it were not there: ${kept}`, async (t) => {
    const store = { ...memoryStore(), getItem: () => kept };
    const { server } = await play(t, { store, clientId: undefined });
    const { type, payload } = await (await server.peer(1)).next();
    assert.equal(type, "connection.init");
    assert.equal(payload.client_id.length, 36);
  });
}

test("names itself once, and keeps the name", async (t) => {
  const store = memoryStore();
  const { client, open } = await play(t, { store, clientId: undefined });
  const named = open({ clientId: "mine" });
  assert.match(client.clientId, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(named.clientId, "mine");
});
