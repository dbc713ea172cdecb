// Every error and every close of the table: what the client says of it, and whether it comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { GATEWAY_ERRORS, GatewayError } from "../dist/client/index.js";
import { readClose } from "../dist/client/gateway/close.js";
import { play, until } from "./support/gateway.mjs";

const COMES_BACK = [1001, 1005, 1011, 1012, 1013, 4004, 4011, 4012, 4017];
const STOPS = [1000, 1002, 1003, 1007, 1008, 1009, 1010, 3000, 4000, 4003, 4005, 4006, 4007, 4008, 4009, 4010, 4013, 4014, 4015, 4016, 4018, 4999];

for (const code of COMES_BACK) {
  test(`${code}: comes back, and resumes`, async (t) => {
    const { server, client, clock, told } = await play(t);
    const first = await server.welcome(1);
    await until("connected", () => client.state === "connected");
    first.close(code);
    await until("it waits", () => client.state === "waiting");
    assert.equal(told.disconnected[0].code, code);
    assert.equal(told.disconnected[0].reconnects, true);
    assert.equal(told.disconnected[0].retryInMs, 250);
    clock.advance(250);
    const second = await server.welcome(2, { status: "resumed" });
    assert.equal(second.greeting.type, "connection.reconnect");
    await until("connected", () => client.state === "connected");
    assert.equal(client.session.status, "resumed");
    assert.deepEqual(told.close, []);
  });
}

for (const code of STOPS) {
  test(`${code}: stops, and says why`, async (t) => {
    const { server, client, clock, told } = await play(t, { token: () => "t" });
    const first = await server.welcome(1);
    await until("connected", () => client.state === "connected");
    first.close(code);
    await until("it is over", () => client.state === "closed");
    assert.equal(told.close[0].code, code);
    assert.equal(told.close[0].fatal, true);
    assert.ok(told.close[0] instanceof GatewayError);
    assert.equal(told.close[0].name, GATEWAY_ERRORS[code] ?? told.close[0].name);
    assert.deepEqual(told.disconnected, []);
    assert.equal(clock.waiting, 0);
    clock.advance(600_000);
    assert.equal(server.peers.length, 1);
  });
}

test("1006: a cable that is pulled", async (t) => {
  const { server, client, clock, told } = await play(t);
  (await server.welcome(1)).cut();
  await until("it waits", () => client.state === "waiting");
  assert.equal(told.disconnected[0].code, 1006);
  clock.advance(500);
  await server.welcome(2);
});

test("4001: comes back with another token, but not with one refused token after another", async (t) => {
  let tokens = 0;
  const { server, client, clock, told } = await play(t, { token: () => `token-${++tokens}` });
  const refuse = async (number) => {
    const peer = await server.peer(number);
    const { id, payload } = await peer.next();
    const error = { error: "invalid_token", code: 4001, message: "Not yours.", fatal: true, temporary: false };
    peer.say({ id: "x", type: "connection.error", reply_to: id, payload: error });
    peer.close(4001, "INVALID_TOKEN;resume=0");
    return payload.token;
  };
  assert.equal(await refuse(1), "token-1");
  await until("it waits", () => client.state === "waiting");
  clock.advance(500);
  assert.equal(await refuse(2), "token-2");
  await until("it is over", () => client.state === "closed");
  assert.equal(told.close[0].code, 4001);
  assert.equal(told.close[0].name, "INVALID_TOKEN");
  assert.equal(told.close[0].message, "Not yours.");
  assert.equal(told.error.length, 2);
  // The application knows another user: it starts anew.
  const again = client.connect();
  await server.welcome(3);
  assert.equal((await again).status, "connected");
});

for (const [what, token] of [["a token that is a text", "t"], ["a provider that knows no other", () => "t"]]) {
  test(`4001: stops with ${what}`, async (t) => {
    const { server, client, clock } = await play(t, { token });
    const connected = client.connect();
    (await server.peer(1)).close(4001);
    await until("it has decided", () => client.state === "closed" || client.state === "waiting");
    clock.advance(500);
    await assert.rejects(connected, { code: 4001, name: "INVALID_TOKEN" });
    assert.equal(client.state, "closed");
    assert.equal(server.peers.length, 1);
  });
}

test("4001: stops when the provider has no token any more", async (t) => {
  const { client } = await play(t, { token: () => null });
  await assert.rejects(client.connect(), { code: 0, name: "TOKEN_UNAVAILABLE", temporary: false });
  assert.equal(client.state, "closed");
});

test("4001: each connection has a ticket of its own", async (t) => {
  let tickets = 0;
  const { server, client, clock } = await play(t, { ticket: async () => `ticket-${++tickets}` });
  const first = await server.welcome(1);
  assert.equal(first.greeting.payload.ticket, "ticket-1");
  assert.equal(first.greeting.payload.token, undefined);
  await until("connected", () => client.state === "connected");
  first.cut();
  await until("it waits", () => client.state === "waiting");
  clock.advance(500);
  const second = await server.welcome(2);
  assert.equal(second.greeting.payload.ticket, "ticket-2");
});

test("4002: gets another token and resumes", async (t) => {
  let tokens = 0;
  const { server, client, clock } = await play(t, { token: () => `token-${++tokens}` });
  const first = await server.welcome(1);
  await until("connected", () => client.state === "connected");
  first.close(4002, "TOKEN_EXPIRED;resume=1");
  await until("it waits", () => client.state === "waiting");
  clock.advance(250);
  const second = await server.welcome(2, { status: "resumed" });
  assert.equal(second.greeting.type, "connection.reconnect");
  assert.equal(second.greeting.payload.token, "token-2");
});

test("4002: stops where there can be no other token", async (t) => {
  const { server, client } = await play(t, { token: "fixed" });
  (await server.welcome(1)).close(4002);
  await until("it is over", () => client.state === "closed");
});

test("4004: stays away as long as the error said, if the close frame says nothing", async (t) => {
  const { server, client, told } = await play(t);
  const first = await server.welcome(1);
  const payload = { error: "rate_limit_exceeded", code: 4004, message: "Flood.", fatal: true, temporary: true, retry_after_ms: 9_000 };
  first.say({ id: "x", type: "connection.error", payload });
  first.close(4004);
  await until("it waits", () => client.state === "waiting");
  assert.equal(told.disconnected[0].retryInMs, 9_250);
  assert.equal(told.error[0].retryAfterMs, 9_000);
});

test("resume=0 and a replaced session begin anew", async (t) => {
  const { server, client, clock } = await play(t);
  (await server.welcome(1)).close(1012, "RESTART;resume=0");
  await until("it waits", () => client.state === "waiting");
  clock.advance(500);
  const second = await server.welcome(2);
  assert.equal(second.greeting.type, "connection.init");
  second.close(4016, "SESSION_REPLACED;resume=0");
  await until("it is over", () => client.state === "closed");
  void client.connect();
  assert.equal((await server.welcome(3)).greeting.type, "connection.init");
});

test("gives up after the attempts allowed", async (t) => {
  const { server, client, clock } = await play(t, { reconnect: { maxAttempts: 3 } });
  const connected = client.connect();
  for (let i = 1; i <= 4; i++) {
    (await server.peer(i)).cut();
    await until("it has decided", () => client.state === "waiting" || client.state === "closed");
    clock.advance(20_000);
  }
  await assert.rejects(connected, { name: "GAVE_UP", code: 0 });
});

test("reads what a close frame has room for", () => {
  assert.deepEqual(readClose(4012, "SLOW_CONSUMER;retry_after_ms=250;resume=1"), {
    code: 4012,
    name: "SLOW_CONSUMER",
    reason: "SLOW_CONSUMER;retry_after_ms=250;resume=1",
    reconnects: true,
    retryAfterMs: 250,
    resumable: true,
  });
  for (const reason of ["", "a text of somebody between", "RESTART;retry_after_ms=soon", ";;=;", "X;retry_after_ms=-5"]) {
    const close = readClose(1012, reason);
    assert.equal(close.retryAfterMs, undefined, reason);
    assert.equal(close.resumable, true, reason);
    assert.match(close.name, /^[A-Z]\w*$/);
  }
  assert.equal(readClose(4017, "").name, "HEARTBEAT_TIMEOUT");
  assert.equal(readClose(3999, "").name, "CLOSE_3999");
});

for (const [code, name] of Object.entries(GATEWAY_ERRORS)) {
  test(`${code} as an event: the command fails with it, and the connection stays`, async (t) => {
    const { server, client } = await play(t);
    const result = client.send("x.y", {}, { id: "a" });
    const peer = await server.welcome(1);
    const command = await peer.next("x.y");
    const details = { required: "team:core:write" };
    const errors = [{ path: "/payload/n", rule: "type", message: "a number" }];
    // 4002 is the one that goes again: without another token it waits for the server's decision.
    if (code === "4002") {
      peer.reply(command, { code: 4002, name, message: "Expired." }, "error");
      peer.close(4003);
      await assert.rejects(result, { code: 4003 });
      return;
    }
    const payload = { code: Number(code), name, message: `It is ${name}.`, temporary: true, fatal: false, details, errors };
    peer.reply(command, { ...payload, request_type: "x.y", context: { channel: "team:core" } }, "error");
    await assert.rejects(result, (error) => {
      assert.ok(error instanceof GatewayError && error instanceof Error);
      assert.equal(error.code, Number(code));
      assert.equal(error.name, name);
      assert.equal(error.message, `It is ${name}.`);
      assert.equal(error.temporary, true);
      assert.equal(error.fatal, false);
      assert.equal(error.requestType, "x.y");
      assert.equal(error.commandId, "a");
      assert.equal(error.channel, "team:core");
      assert.deepEqual(error.details, details);
      assert.deepEqual(error.errors, errors);
      return true;
    });
    assert.equal(client.state, "connected");
    assert.equal(client.unacknowledged, 0);
  });
}
