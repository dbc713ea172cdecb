// A server that loses, repeats, delays and hangs up as chance will have it: the client tells each event once and in
// order, and each command is done once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayClient } from "../dist/client/index.js";
import { PlayedGateway, ack, state, until } from "./support/gateway.mjs";
import { seeded } from "./support/random.mjs";

const EVENTS = 400;
const COMMANDS = 100;
const CHANNELS = ["team:a", "team:b", "library:c"];
const HURRY = { reconnect: { base_ms: 1, max_ms: 5, jitter: "full" } };

/** Channels with logs, sessions, and commands by id; wrong on the wire, never in what it keeps. */
class CarelessServer {
  cuts = 0;
  #random;
  #gateway;
  #logs = new Map(CHANNELS.map((name) => [name, []]));
  #done = new Map();
  #sessions = new Map();
  #live = new Map();
  #answered = new Map();

  constructor(gateway, random) {
    this.#gateway = gateway;
    this.#random = random;
  }

  offsetOf(channel) {
    return this.#logs.get(channel).at(-1)?.offset ?? 0;
  }

  log(channel) {
    return this.#logs.get(channel).map(({ n }) => n);
  }

  append(channel, n) {
    const log = this.#logs.get(channel);
    const previous = this.offsetOf(channel);
    const event = { offset: previous + (channel.startsWith("library") ? 1 + this.#random(5) : 1), previous, n };
    log.push(event);
    for (const [peer, channels] of this.#live) if (channels.has(channel)) this.#tell(peer, channel, event);
    return event;
  }

  /** Does what the clients ask for, and what it should not. */
  turn() {
    for (const peer of this.#gateway.peers) {
      if (peer.closed !== undefined) this.#live.delete(peer);
      const from = this.#answered.get(peer) ?? 0;
      const to = peer.closed === undefined ? peer.got.length : from;
      for (const message of peer.got.slice(from, to)) this.#answer(peer, message);
      this.#answered.set(peer, to);
    }
    const [peer] = this.#live.keys();
    if (peer === undefined || this.#random(25) > 0) return;
    this.cuts++;
    if (this.#random(2) === 0) peer.cut();
    else peer.close([1001, 1012, 4011, 4012][this.#random(4)], `X;resume=${this.#random(2)}`);
    this.#live.delete(peer);
  }

  #tell(peer, channel, { offset, previous, n }, replayed) {
    const previous_offset = channel.startsWith("library") ? previous : undefined;
    const event = { id: `${offset}`, type: "test.number", channel, offset, previous_offset, replayed, payload: { n } };
    if (!replayed && this.#random(10) === 0) return; // lost
    peer.say(event);
    if (this.#random(10) === 0) peer.say(event);
  }

  #open(peer, channel, position) {
    const log = this.#logs.get(channel);
    const missed = position?.offset === undefined ? [] : log.filter(({ offset }) => offset > position.offset);
    const recovered = position?.offset !== undefined;
    return {
      payload: state(channel, {
        offset: this.offsetOf(channel),
        was_recovering: recovered,
        recovered,
        recovery: recovered ? "replay" : "none",
        replay_count: missed.length,
      }),
      replay: () => missed.forEach((event) => this.#tell(peer, channel, event, true)),
    };
  }

  #answer(peer, { id, type, payload }) {
    if (type === "connection.init" || type === "connection.reconnect") {
      const kept = this.#sessions.get(payload.session_id);
      const session = kept === undefined ? `s${this.#sessions.size + 1}` : payload.session_id;
      const subscribed = kept ?? new Set();
      this.#sessions.set(session, subscribed);
      this.#live.set(peer, subscribed);
      const openings = [...subscribed].flatMap((channel) => {
        const position = payload.positions?.find((one) => one.channel === channel);
        return position === undefined ? [] : [this.#open(peer, channel, position)];
      });
      const status = kept === undefined ? (type === "connection.init" ? "connected" : "fresh") : "resumed";
      const channels = openings.map((opening) => opening.payload);
      peer.say({ id: `a${id}`, type: "connection.ack", reply_to: id, payload: ack({ status, session_id: session, channels, ...HURRY }) });
      for (const { replay } of openings) replay();
    } else if (type === "channel.subscribe") {
      for (const entry of payload.channels) {
        const channel = `${entry.type}:${entry.id}`;
        const { payload: opened, replay } = this.#open(peer, channel, entry);
        this.#live.get(peer)?.add(channel);
        peer.say({ id: `s${id}`, type: "channel.subscribed", payload: opened });
        replay();
      }
      peer.reply({ id });
    } else if (type === "channel.publish") {
      const duplicate = this.#done.has(id);
      const event = this.#done.get(id) ?? this.append(payload.channel, payload.payload.n);
      this.#done.set(id, event);
      if (this.#random(10) === 0) {
        this.cuts++;
        peer.cut(); // it is done, but nobody hears so
        this.#live.delete(peer);
      } else {
        peer.reply({ id }, { status: duplicate ? "duplicate" : "accepted", duplicate, result: { offset: event.offset } });
      }
    }
  }
}

test("each event once and in order, each command once, whatever the network does", async (t) => {
  const random = seeded();
  const gateway = await PlayedGateway.start();
  const server = new CarelessServer(gateway, random);
  const client = new GatewayClient({ url: gateway.url, reconnect: { baseMs: 1, maxMs: 5 }, maxOutbox: 1_000 });
  const turning = setInterval(() => server.turn(), 1);
  t.after(async () => {
    clearInterval(turning);
    client.close();
    await gateway.stop();
  });
  const told = new Map(CHANNELS.map((name) => [name, []]));
  const subscribing = CHANNELS.map((name) => {
    const channel = client.channel(name);
    channel.on("test.number", ({ payload }) => told.get(name).push(payload.n));
    return channel.subscribe();
  });
  await client.connect();
  await Promise.all(subscribing);

  const published = [];
  let commands = 0;
  for (let n = 1; n <= EVENTS; n++) {
    const channel = CHANNELS[random(CHANNELS.length)];
    if (commands < COMMANDS && random(3) === 0) {
      published.push(client.channel(channel).publish("test.number", { n: `c${++commands}` }));
    } else {
      server.append(channel, n);
    }
    if (n % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(published);
  // What was lost at the very end is noticed with the next event, of which one gets through.
  for (const name of CHANNELS) {
    await until(`${name} is told whole`, () => {
      if (client.channel(name).position?.offset === server.offsetOf(name)) return true;
      server.append(name, "last");
      return false;
    });
  }
  console.log(`${gateway.peers.length} connections, ${server.cuts} cuts`);
  for (const name of CHANNELS) assert.deepEqual(told.get(name), server.log(name), name);
  const done = CHANNELS.flatMap((name) => server.log(name)).filter((n) => String(n).startsWith("c"));
  assert.equal(done.length, commands);
  assert.equal(new Set(done).size, commands);
});
