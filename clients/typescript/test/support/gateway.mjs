// A gateway that a test plays, over real sockets: RFC 6455 as far as a test needs it, and no more.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { GatewayClient } from "../../dist/client/index.js";
import { ManualClock } from "./fakes.mjs";
import { until } from "./server.mjs";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];

/** One connection of a client, as the server sees it. */
export class Peer {
  /** Messages of the client, in order. */
  got = [];
  /** The close code that the client sent; 1005 without one, 1006 if it just went. */
  closed;
  #socket;
  #unread = Buffer.alloc(0);
  #taken = 0;

  constructor(socket, url) {
    this.#socket = socket;
    this.url = url;
    socket.on("data", (bytes) => this.#read(bytes));
    socket.on("error", () => {});
    socket.on("close", () => (this.closed ??= 1006));
  }

  /** Messages of one type. */
  of(type) {
    return this.got.filter((message) => message.type === type);
  }

  /** The next message that nobody has asked for, of one type if given. */
  async next(type) {
    const isWanted = (message) => type === undefined || message.type === type;
    const find = () => this.got.findIndex((message, i) => i >= this.#taken && isWanted(message));
    await until(`the client says ${type}`, () => find() >= 0);
    const index = find();
    this.#taken = index + 1;
    return this.got[index];
  }

  say(message) {
    this.#frame(TEXT, Buffer.from(typeof message === "string" ? message : JSON.stringify(message)));
  }

  /** Answers a command. */
  reply({ id }, payload = { status: "accepted" }, type = "ack") {
    this.say({ id: `r-${id}`, type, reply_to: id, timestamp: new Date().toISOString(), payload });
  }

  /** A durable event of a channel. */
  event(channel, offset, more = {}) {
    const payload = { team_id: "core", activity: { type: "n", user: { id: "u", name: "U" }, data: { offset } } };
    this.say({ id: `e${offset}`, type: "team.activity", channel, offset, payload, ...more });
  }

  /** Answers `channel.subscribe`, for each channel as it is told here, and acknowledges it. */
  async subscribed(more = {}) {
    const asked = await this.next("channel.subscribe");
    for (const { type, id } of asked.payload.channels) {
      this.say({ id: `s-${type}-${id}`, type: "channel.subscribed", payload: state(`${type}:${id}`, more) });
    }
    this.reply(asked, { status: "accepted", result: { subscribed: asked.payload.channels.length, failed: 0 } });
    return asked.payload.channels;
  }

  /** Says goodbye as a server does. */
  close(code, reason = "") {
    const body = Buffer.alloc(2 + Buffer.byteLength(reason));
    body.writeUInt16BE(code);
    body.write(reason, 2);
    this.#frame(CLOSE, code === 1005 ? Buffer.alloc(0) : body);
    this.#socket.end();
  }

  /** Breaks the connection as a cable that is pulled. */
  cut() {
    this.#socket.destroy();
  }

  #frame(opcode, body) {
    if (this.#socket.destroyed) return;
    const long = body.length > 125;
    const head = Buffer.alloc(long ? 4 : 2);
    head[0] = 0x80 | opcode;
    head[1] = long ? 126 : body.length;
    if (long) head.writeUInt16BE(body.length, 2);
    this.#socket.write(Buffer.concat([head, body]));
  }

  #read(bytes) {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const all = this.#unread;
      if (all.length < 2) return;
      const short = all[1] & 0x7f;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (all.length < start + 4) return;
      const length = short === 126 ? all.readUInt16BE(2) : short === 127 ? Number(all.readBigUInt64BE(2)) : short;
      const end = start + 4 + length;
      if (all.length < end) return;
      const mask = all.subarray(start, start + 4);
      const body = Buffer.from(all.subarray(start + 4, end).map((byte, i) => byte ^ mask[i % 4]));
      this.#unread = all.subarray(end);
      this.#take(all[0] & 0x0f, body);
    }
  }

  #take(opcode, body) {
    if (opcode === TEXT) this.got.push(JSON.parse(body.toString()));
    if (opcode === PING) this.#frame(PONG, body);
    if (opcode !== CLOSE) return;
    this.closed ??= body.length < 2 ? 1005 : body.readUInt16BE(0);
    this.#frame(CLOSE, body);
    this.#socket.end();
  }
}

/** A server that accepts every connection and says nothing by itself. */
export class PlayedGateway {
  /** Connections, in order. */
  peers = [];
  #http;

  static start() {
    const server = new PlayedGateway();
    server.#http = createServer((_, response) => response.writeHead(426).end());
    server.#http.on("upgrade", (request, socket) => {
      const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
      const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade";
      socket.write(`${upgrade}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
      server.peers.push(new Peer(socket, request.url));
    });
    return new Promise((resolve) => server.#http.listen(0, "127.0.0.1", () => resolve(server)));
  }

  get url() {
    return `http://127.0.0.1:${this.#http.address().port}`;
  }

  /** The connection of this number, from 1 on. */
  async peer(number) {
    await until(`connection ${number}`, () => this.peers.length >= number);
    return this.peers[number - 1];
  }

  /** The same, greeted and acknowledged. */
  async welcome(number, more = {}) {
    const peer = await this.peer(number);
    const greeting = await peer.next();
    peer.greeting = greeting;
    peer.say({ id: "a", type: "connection.ack", reply_to: greeting.id, payload: ack(more) });
    return peer;
  }

  stop() {
    for (const peer of this.peers) peer.cut();
    return new Promise((resolve) => this.#http.close(resolve));
  }
}

export const ack = (more = {}) => ({
  status: "connected",
  connection_id: "c1",
  session_id: "s1",
  client_id: "tab",
  user: { id: "ann", tenant_id: "t1", name: "Ann", roles: [], permissions_hash: "p" },
  server_version: "1",
  protocol_version: "1.0",
  capabilities: ["resume", "presence"],
  heartbeat_interval_ms: 30_000,
  heartbeat_timeout_ms: 45_000,
  resume_window_ms: 120_000,
  token_expires_at: null,
  server_time: "2026-01-01T00:00:00.000Z",
  reconnect: { base_ms: 500, max_ms: 20_000, jitter: "full" },
  limits: { max_message_bytes: 1 << 20, max_channels: 100, max_inflight: 32 },
  ...more,
});

/** The payload of `channel.subscribed`. */
export const state = (name, more = {}) => ({
  channel: { type: name.split(":")[0], id: name.split(":")[1] },
  epoch: "e1",
  offset: 0,
  was_recovering: false,
  recovered: false,
  recovery: "none",
  replay_count: 0,
  current_state: {},
  permissions: ["read"],
  ...more,
});

/** A client and the server it talks to, with time that stands still. Ends with the test. */
export async function play(test, options = {}) {
  const server = await PlayedGateway.start();
  const clock = new ManualClock();
  const clients = [];
  const told = new Map();
  const open = (more = {}) => {
    const client = new GatewayClient({ url: server.url, clientId: "tab", clock, ...options, ...more });
    clients.push(client);
    told.set(client, recorded(client));
    client.connect().catch(() => {});
    return client;
  };
  test.after(async () => {
    for (const client of clients) client.close();
    await server.stop();
  });
  const client = open();
  return { server, clock, client, open, told: told.get(client) };
}

/** What a client tells, by type. */
export function recorded(client) {
  const told = {};
  for (const type of ["state", "connected", "disconnected", "settled", "error", "close", "event"]) {
    told[type] = [];
    client.on(type, (detail) => told[type].push(detail));
  }
  return told;
}

export { until };
