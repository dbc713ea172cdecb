import assert from "node:assert/strict";
import { test } from "node:test";
import { Pacer } from "../dist/client/pacer.js";

/** Sends as much as the pacer lets through for a while; returns the count and the time it ended. */
function run(pacer, from, milliseconds, atMost = Infinity) {
  let now = from;
  let sent = 0;
  while (now < from + milliseconds) {
    const wait = pacer.delay(now);
    if (wait > 0 || sent >= atMost) {
      now += Math.max(wait, 0.01);
      continue;
    }
    pacer.sent(now);
    sent++;
    now += 0.001;
  }
  return sent;
}

/** A steady stream of `rate` a second. */
function steady(pacer, from, seconds, rate) {
  for (let i = 0; i < seconds * rate; i++) pacer.sent(from + (i * 1000) / rate);
}

test("lets everything through without pressure", () => {
  const pacer = new Pacer();
  assert.equal(pacer.limit, Infinity);
  assert.equal(pacer.delay(123), 0);
});

test("halves the rate under pressure, after the time the server asks for", () => {
  const pacer = new Pacer();
  steady(pacer, 0, 3, 1000);
  pacer.slowDown(3000, 250);
  assert.ok(Math.abs(pacer.limit - 500) < 10, `limit ${pacer.limit}`);
  assert.equal(pacer.delay(3000), 250);
  assert.equal(pacer.delay(3249), 1);
  const sent = run(pacer, 3250, 1000);
  assert.ok(sent > 470 && sent < 530, `sent ${sent}`);
});

test("halves again when the pressure stays, but not for complaints about the same trouble", () => {
  const pacer = new Pacer();
  steady(pacer, 0, 3, 1000);
  pacer.slowDown(3000, 0);
  const first = pacer.limit;
  pacer.slowDown(3050, 0);
  assert.equal(pacer.limit, first);
  pacer.slowDown(3200, 0);
  assert.equal(pacer.limit, first / 2);
});

test("never asks for less than ten a second", () => {
  const pacer = new Pacer();
  for (let i = 0; i < 40; i++) pacer.slowDown(i * 1000, 0);
  assert.equal(pacer.limit, 10);
});

test("doubles every second once there is room, and is free again at twice the old rate", () => {
  const pacer = new Pacer();
  steady(pacer, 0, 3, 1000);
  pacer.slowDown(3000, 0);
  pacer.speedUp(4000);
  pacer.delay(5000);
  assert.ok(Math.abs(pacer.limit - 1000) < 20, `limit ${pacer.limit}`);
  pacer.delay(6100);
  assert.equal(pacer.limit, Infinity);
  assert.equal(pacer.delay(6100), 0);
});
