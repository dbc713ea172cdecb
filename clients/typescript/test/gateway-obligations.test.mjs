// What a client of the gateway owes (the seven obligations), over real sockets to a server that the test plays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore } from "../dist/client/index.js";
import { Pace, STABLE_MS } from "../dist/client/gateway/pace.js";
import { ManualClock } from "./support/fakes.mjs";
import { play, recorded, until } from "./support/gateway.mjs";

const offsets = (told) => told.event.filter(({ type }) => type === "team.activity").map(({ offset }) => offset);

test("1: remembers the last offset of each channel over a reload, and goes on from there", async (t) => {
  const store = memoryStore();
  const { server, client, open } = await play(t, { store });
  void client.channel("team:core").subscribe();
  const first = await server.welcome(1);
  await first.subscribed({ offset: 4 });
  first.event("team:core", 5);
  await until("the event is told", () => client.channel("team:core").position?.offset === 5);
  client.close();

  const reloaded = open();
  const told = recorded(reloaded);
  void reloaded.channel("team:core").subscribe();
  const second = await server.welcome(2, { status: "fresh", session_id: "s2" });
  const [asked] = await second.subscribed({
    offset: 7,
    was_recovering: true,
    recovered: true,
    recovery: "replay",
    replay_count: 2,
  });
  assert.deepEqual({ epoch: asked.epoch, offset: asked.offset }, { epoch: "e1", offset: 5 });
  second.event("team:core", 6, { replayed: true });
  second.event("team:core", 7, { replayed: true });
  await until("both are told", () => offsets(told).length === 2);
  assert.deepEqual(offsets(told), [6, 7]);
  assert.deepEqual(
    told.event.filter(({ type }) => type === "team.activity").map(({ replayed }) => replayed),
    [true, true],
  );
});

test("1: a page that ends without closing leaves session and positions behind", async (t) => {
  const items = new Map();
  const store = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
  const { server, client, clock } = await play(t, { store });
  void client.channel("team:core").subscribe();
  const first = await server.welcome(1);
  await first.subscribed({ offset: 4 });
  first.event("team:core", 5);
  await until("the event is told", () => client.channel("team:core").position?.offset === 5);
  clock.advance(250);
  const left = memoryStore(); // as a reload finds it, while the old page is still dying
  for (const [key, value] of items) left.setItem(key, value);

  const { server: next, client: reloaded } = await play(t, { store: left, storeKey: server.url });
  void reloaded;
  const peer = await next.peer(1);
  const key = `myelin.gateway:${next.url.replace("http", "ws")}/ws:state`;
  assert.equal(left.getItem(key), null); // another server is another key
  assert.equal((await peer.next()).type, "connection.init");

  const same = await play(t, { store: left, storeKey: `${server.url.replace("http", "ws")}/ws` });
  const greeting = await (await same.server.peer(1)).next();
  assert.equal(greeting.type, "connection.reconnect");
  assert.equal(greeting.payload.session_id, "s1");
  assert.deepEqual(greeting.payload.positions, [{ channel: "team:core", epoch: "e1", offset: 5 }]);
});

test("2: tells no event twice, and none before the ones that are missing", async (t) => {
  const { server, client, told } = await play(t);
  void client.channel("team:core").subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed({ offset: 0 });
  for (const offset of [1, 2, 2, 1, 3, 6, 7]) peer.event("team:core", offset);
  const [asked] = await peer.subscribed({
    offset: 7,
    was_recovering: true,
    recovered: true,
    recovery: "replay",
    replay_count: 4,
    already: true,
  });
  assert.equal(asked.offset, 3);
  for (const offset of [4, 5, 6, 7, 8]) peer.event("team:core", offset);
  await until("all are told", () => offsets(told).at(-1) === 8);
  assert.deepEqual(offsets(told), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(peer.of("channel.subscribe").length, 2);
});

test("2: offsets with holes have no gap where each names the one before", async (t) => {
  const { server, client, told } = await play(t);
  void client.channel("library:papers").subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed({ offset: 10 });
  const change = (offset, previous_offset) =>
    peer.say({ id: `l${offset}`, type: "document.added", channel: "library:papers", offset, previous_offset, payload: {} });
  change(14, 10);
  change(20, 14);
  change(30, 25);
  await until("the gap is noticed", () => peer.of("channel.subscribe").length === 2);
  assert.equal(peer.of("channel.subscribe")[1].payload.channels[0].offset, 20);
  const changes = told.event.filter(({ type }) => type === "document.added");
  assert.deepEqual(changes.map(({ offset }) => offset), [14, 20]);
});

test("2: a server with a hole is not asked in a circle", async (t) => {
  const { server, client, clock } = await play(t);
  void client.channel("team:core").subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed({ offset: 0 });
  peer.event("team:core", 5);
  const replay = { offset: 5, was_recovering: true, recovered: true, recovery: "replay", replay_count: 5 };
  await peer.subscribed(replay); // but what it replays has the hole still
  const waiting = clock.waiting;
  peer.event("team:core", 5);
  await until("the client waits before it asks again", () => clock.waiting > waiting);
  assert.equal(peer.of("channel.subscribe").length, 2);
  clock.advance(1_000);
  await until("then it asks", () => peer.of("channel.subscribe").length === 3);
});

test("2: another epoch voids the position, and the subscriber is told", async (t) => {
  const { server, client, told } = await play(t);
  const channel = client.channel("team:core");
  const states = [];
  channel.on("subscribed", (state) => states.push(state));
  void channel.subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed({ offset: 100 });
  peer.event("team:core", 1, { epoch: "e2" });
  await peer.subscribed({ epoch: "e2", offset: 1, was_recovering: true, recovered: false, recovery: "snapshot" });
  peer.event("team:core", 2);
  await until("it goes on", () => offsets(told).length === 1);
  assert.deepEqual(offsets(told), [2]);
  assert.deepEqual(channel.position, { epoch: "e2", offset: 2 });
  assert.deepEqual(states.map(({ recovery }) => recovery), ["none", "snapshot"]);
});

test("3: applies pieces of text by where they begin", async (t) => {
  const { server, client, told } = await play(t);
  void client.channel("conversation:c1").subscribe();
  const peer = await server.welcome(1);
  await peer.subscribed();
  const piece = (seq, at, content) =>
    peer.say({
      id: `p${seq}`,
      type: "assistant.content",
      channel: "conversation:c1",
      ephemeral: true,
      payload: { message_id: "m1", seq, block_index: 0, at, content },
    });
  piece(0, 0, "The cat ");
  piece(1, 8, "sleeps");
  piece(1, 8, "sleeps");
  piece(2, 10, "eeps all day");
  await until("the text is whole", () => client.textOf("m1") === "The cat sleeps all day");
  const told1 = told.event.filter(({ type }) => type === "assistant.content");
  assert.deepEqual(told1.map(({ payload }) => payload.content), ["The cat ", "sleeps", " all day"]);
  piece(9, 99, "behind a hole");
  await until("it asks for what is missing", () => peer.of("channel.subscribe").length === 2);
  assert.equal(client.textOf("m1"), "The cat sleeps all day");
  peer.cut();
  await until("it waits", () => client.state === "waiting");
});

test("4: unanswered commands go again with the same ids, over breaks and reloads, each once", async (t) => {
  const store = memoryStore();
  const { server, client, clock, open } = await play(t, { store });
  const channel = client.channel("team:core");
  const done = channel.publish("team.activity", { n: 1 }, { id: "one" });
  const lost = channel.publish("team.activity", { n: 2 }, { id: "two" });
  const first = await server.welcome(1);
  const one = await first.next("channel.publish");
  first.reply(one, { status: "accepted", result: { event_id: "x", epoch: "e1", offset: 8 } });
  assert.deepEqual(await done, { eventId: "x", epoch: "e1", offset: 8, duplicate: false });
  await first.next("channel.publish");
  first.cut();
  await until("the client waits", () => client.state === "waiting");
  clock.advance(500);
  const second = await server.welcome(2, { status: "resumed" });
  const again = await second.next("channel.publish");
  assert.equal(again.id, "two");
  assert.deepEqual(again.payload, { channel: "team:core", type: "team.activity", payload: { n: 2 } });
  assert.equal(client.unacknowledged, 1);
  client.close();
  await assert.rejects(lost, { name: "CLOSED" });

  const reloaded = open();
  const told = recorded(reloaded);
  const third = await server.welcome(3);
  const atLast = await third.next("channel.publish");
  assert.equal(atLast.id, "two");
  third.reply(atLast, { status: "duplicate", duplicate: true, result: { offset: 9 } });
  await reloaded.drained();
  assert.equal(told.settled.length, 1);
  assert.equal(told.settled[0].command.id, "two");
  assert.equal(told.settled[0].reply.payload.result.offset, 9);
});

test("4: the outbox is bounded, and keeps to what the server takes at a time", async (t) => {
  const { server, client } = await play(t, { maxOutbox: 5, maxOutboxBytes: 1_000 });
  const sent = Array.from({ length: 5 }, (_, i) => client.send("x.y", { i }));
  await assert.rejects(client.send("x.y", {}), { name: "OUTBOX_FULL", temporary: true, code: 0 });
  const peer = await server.welcome(1, { limits: { max_inflight: 2 } });
  await until("two are on their way", () => peer.of("x.y").length === 2);
  peer.reply(await peer.next("x.y"));
  await until("then a third", () => peer.of("x.y").length === 3);
  assert.deepEqual(peer.of("x.y").map(({ payload }) => payload.i), [0, 1, 2]);
  await sent[0];
  await assert.rejects(client.send("x.y", { long: "x".repeat(1_000) }), { name: "OUTBOX_FULL" });
});

test("4: one that came too fast waits as long as asked, and later ones of its channel behind it", async (t) => {
  const { server, client, clock } = await play(t);
  const results = ["a", "b"].map((id) => client.send("x.y", {}, { id, channel: "team:core" }));
  const other = client.send("x.z", {}, { id: "c", channel: "team:other" });
  const peer = await server.welcome(1, { limits: { max_inflight: 1 } });
  const slow = { code: 4004, name: "RATE_LIMIT_EXCEEDED", message: "Slower.", temporary: true, retry_after_ms: 1_000 };
  peer.reply(await peer.next("x.y"), slow, "error");
  peer.reply(await peer.next("x.z"));
  await other;
  clock.advance(999);
  assert.equal(peer.of("x.y").length, 1);
  clock.advance(501);
  for (const id of ["a", "b"]) {
    const sent = await peer.next("x.y");
    assert.equal(sent.id, id);
    peer.reply(sent);
  }
  await Promise.all(results);
});

test("4: in the end too fast is an error", async (t) => {
  const { server, client, clock } = await play(t);
  const result = client.send("x.y", {}, { id: "a" });
  result.catch(() => {});
  const peer = await server.welcome(1);
  const slow = { code: 4004, name: "RATE_LIMIT_EXCEEDED", message: "Slower.", temporary: true, retry_after_ms: 10 };
  for (let i = 0; i < 4; i++) {
    const sent = await peer.next("x.y");
    const before = clock.waiting;
    peer.reply(sent, slow, "error");
    if (i < 3) await until("it is held", () => clock.waiting > before);
    clock.advance(510);
  }
  await assert.rejects(result, (error) => {
    assert.equal(error.name, "RATE_LIMIT_EXCEEDED");
    assert.equal(error.code, 4004);
    assert.equal(error.temporary, true);
    assert.equal(error.retryAfterMs, 10);
    assert.equal(error.commandId, "a");
    return true;
  });
});

test("5: delays are full jitter up to a doubling ceiling that the server sets", () => {
  const clock = new ManualClock();
  for (const chance of [0, 0.25, 0.999]) {
    clock.chance = chance;
    const pace = new Pace(clock, 500, 20_000);
    const delays = Array.from({ length: 2_000 }, () => pace.next());
    delays.forEach((delay, i) => {
      const ceiling = Math.min(20_000, 500 * 2 ** Math.min(i, 30));
      assert.equal(delay, chance * ceiling);
    });
  }
  clock.chance = 0.5;
  const pace = new Pace(clock, 500, 20_000);
  pace.set(100, 300);
  assert.deepEqual([pace.next(), pace.next(), pace.next()], [50, 100, 150]);
  assert.equal(pace.next(5_000), 5_150);
});

test("5: only a connection that was stable for 30 s makes the delays short again", () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 500, 20_000);
  const ceilings = [];
  const next = () => ceilings.push(pace.next() * 2);
  next();
  next();
  pace.connected();
  clock.advance(STABLE_MS - 1);
  pace.lost();
  next();
  pace.connected();
  clock.advance(STABLE_MS);
  pace.lost();
  next();
  assert.deepEqual(ceilings, [500, 1_000, 2_000, 500]);
  assert.equal(clock.waiting, 0);
});

test("5: takes base and ceiling from the server, and stays away as long as it asks", async (t) => {
  const { server, client, clock, told } = await play(t);
  const reconnect = { base_ms: 2_000, max_ms: 3_000, jitter: "full" };
  const first = await server.welcome(1, { reconnect });
  await until("connected", () => client.state === "connected");
  first.close(1013, "TRY_LATER;retry_after_ms=7000;resume=1");
  await until("it waits", () => client.state === "waiting");
  assert.equal(told.disconnected[0].retryInMs, 8_000);
  assert.equal(told.disconnected[0].name, "TRY_LATER");
  clock.advance(6_999);
  client.reconnectNow(); // not before the server's time is over
  assert.equal(client.state, "waiting");
  clock.advance(1);
  client.reconnectNow();
  const second = await server.welcome(2, { reconnect });
  await until("connected", () => client.state === "connected");
  second.close(1005);
  await until("it waits", () => client.state === "waiting");
  assert.equal(told.disconnected[1].code, 1005);
  assert.equal(told.disconnected[1].retryInMs, 1_500); // 3 s is the server's ceiling
});

test("5: leaves when it is told to go away, after the time it is given, and resumes", async (t) => {
  const { server, client, clock, told } = await play(t);
  const first = await server.welcome(1);
  first.say({ id: "g", type: "connection.goaway", payload: { reason: "shutdown", after_ms: 4_000, resume: true } });
  await until("told", () => told.event.some(({ type }) => type === "connection.goaway"));
  clock.advance(3_999);
  assert.equal(client.state, "connected");
  clock.advance(1);
  assert.equal(told.disconnected[0].code, 1012);
  await until("the socket is closed, but not for good", () => first.closed === 4900);
  clock.advance(250);
  const second = await server.welcome(2, { status: "resumed" });
  assert.equal(second.greeting.type, "connection.reconnect");
  assert.equal(second.greeting.payload.session_id, "s1");
});

test("5: looks again when the network is back or the page is shown", async (t) => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const counts = new Map();
  for (const target of [window, document]) {
    for (const [method, by] of [["addEventListener", 1], ["removeEventListener", -1]]) {
      const original = target[method].bind(target);
      target[method] = (type, listener) => {
        counts.set(type, (counts.get(type) ?? 0) + by);
        original(type, listener);
      };
    }
  }
  Object.assign(globalThis, {
    document,
    addEventListener: window.addEventListener,
    removeEventListener: window.removeEventListener,
  });
  t.after(() => {
    for (const name of ["document", "addEventListener", "removeEventListener"]) delete globalThis[name];
  });
  const { server, client, clock } = await play(t);
  const first = await server.welcome(1);
  await until("connected", () => client.state === "connected");
  first.cut();
  await until("it waits", () => client.state === "waiting");
  window.dispatchEvent(new Event("online"));
  const second = await server.welcome(2);
  await until("connected", () => client.state === "connected");
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal((await second.next("connection.heartbeat")).payload.visible, false);
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await until("it tells, and asks for a sign of life", () => second.of("connection.heartbeat").length === 3);
  clock.advance(5_000); // which does not come: the socket was dead since the lid was closed
  assert.equal(client.state, "waiting");
  client.close();
  assert.deepEqual([...counts.values()], [0, 0, 0, 0]);
  assert.equal(clock.waiting, 0);
});

test("6: gets a fresh token before it reconnects with less than a minute left", async (t) => {
  let tokens = 0;
  const expiring = {
    server_time: "2026-01-01T00:00:00Z",
    token_expires_at: "2026-01-01T00:05:00Z",
    heartbeat_interval_ms: 3_600_000,
  };
  const { server, client, clock } = await play(t, { token: () => `token-${++tokens}` });
  const first = await server.welcome(1, expiring);
  assert.equal(first.greeting.payload.token, "token-1");
  assert.ok(!first.url.includes("token"));
  await until("connected", () => client.state === "connected");
  clock.advance(230_000); // 70 s are left
  first.cut();
  await until("it waits", () => client.state === "waiting");
  clock.advance(500);
  const second = await server.peer(2);
  assert.equal((await second.next()).payload.token, "token-1");
  second.cut();
  await until("it waits", () => client.state === "waiting");
  clock.advance(9_600); // now under 60 s
  const third = await server.peer(3);
  await third.next();
  third.cut();
  await until("it waits", () => client.state === "waiting");
  clock.advance(20_000);
  const fourth = await server.peer(4);
  assert.equal((await fourth.next()).payload.token, "token-2");
});

test("6: refreshes the token of an open connection a minute before its end, and again", async (t) => {
  let tokens = 0;
  const { server, client, clock } = await play(t, { token: async () => `token-${++tokens}` });
  const peer = await server.welcome(1, {
    server_time: "2026-01-01T00:00:00Z",
    token_expires_at: "2026-01-01T00:05:00Z",
    heartbeat_interval_ms: 3_600_000,
    heartbeat_timeout_ms: 3_700_000,
  });
  await until("connected", () => client.state === "connected");
  clock.advance(239_999);
  assert.equal(tokens, 1);
  clock.advance(1);
  const refresh = await peer.next("connection.refresh");
  assert.deepEqual(refresh.payload, { token: "token-2" });
  const waiting = clock.waiting;
  peer.say({
    id: "r",
    type: "connection.refreshed",
    reply_to: refresh.id,
    timestamp: "2026-01-01T00:04:00Z",
    payload: { expires_at: "2026-01-01T00:10:00Z", permissions_changed: false, dropped_channels: [] },
  });
  await until("it plans the next one", () => clock.waiting > waiting);
  clock.advance(300_000);
  assert.equal((await peer.next("connection.refresh")).payload.token, "token-3");
});

test("6: a provider that fails is asked again, and the connection stays", async (t) => {
  let asked = 0;
  const token = () => {
    asked++;
    if (asked === 2) throw new Error("the login server is away");
    return `token-${asked}`;
  };
  const { server, client, clock, told } = await play(t, { token });
  const peer = await server.welcome(1);
  await until("connected", () => client.state === "connected");
  peer.say({ id: "x", type: "connection.token_expiring", payload: { expires_in_ms: 60_000 } });
  await until("the failure is told", () => told.error.length === 1);
  assert.equal(told.error[0].name, "TOKEN_UNAVAILABLE");
  assert.match(told.error[0].message, /login server is away/);
  clock.advance(1_000);
  assert.equal((await peer.next("connection.refresh")).payload.token, "token-3");
});

test("6: what was refused in the grace after the token's end goes when there is another", async (t) => {
  let tokens = 0;
  const { server, client } = await play(t, { token: () => `token-${++tokens}` });
  const peer = await server.welcome(1);
  const result = client.send("x.y", {}, { id: "a" });
  peer.reply(await peer.next("x.y"), { code: 4002, name: "TOKEN_EXPIRED", message: "Expired." }, "error");
  const refresh = await peer.next("connection.refresh");
  assert.equal(peer.of("x.y").length, 1);
  peer.reply(refresh, {}, "connection.refreshed");
  peer.reply(await peer.next("x.y"));
  await result;
});

test("7: a close takes nothing back", async (t) => {
  const { server, client, clock } = await play(t);
  const reply = client.send("chat.message", { content: "Go on." }, { id: "m" });
  const first = await server.welcome(1);
  await first.next("chat.message");
  first.cut();
  await until("it waits", () => client.state === "waiting");
  assert.equal(client.unacknowledged, 1);
  clock.advance(500);
  const second = await server.welcome(2, { status: "resumed" });
  const again = await second.next("chat.message");
  second.reply(again, { message_id: "1" }, "message.received");
  assert.equal((await reply).type, "message.received");
  void client.send("agent.invoke", {}, { id: "i" }).catch(() => {});
  await second.next("agent.invoke");
  client.close();
  await until("it left", () => second.closed === 1000);
  const said = [...first.got, ...second.got].map(({ type }) => type);
  assert.deepEqual(said.filter((type) => /cancel|unsubscribe/.test(type)), []);
});
