import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../dist/client/backoff.js";

const clock = (random) => ({ now: () => 0, after: () => () => {}, random: () => random });

test("delays double up to the longest, and chance takes any part of them", () => {
  const backoff = new Backoff({ baseMs: 100, maxMs: 1000, maxAttempts: Infinity }, clock(0.5));
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map(() => backoff.next()),
    [50, 100, 200, 400, 500, 500],
  );
  assert.equal(new Backoff({ baseMs: 100, maxMs: 1000, maxAttempts: 1 }, clock(0)).next(), 0);
});

test("never overflows, however long the server is away", () => {
  const backoff = new Backoff({ baseMs: 100, maxMs: 10_000, maxAttempts: Infinity }, clock(0.9));
  for (let i = 0; i < 2000; i++) assert.ok(backoff.next() <= 9000);
});

test("gives up after the attempts allowed, and begins anew after a success", () => {
  const backoff = new Backoff({ baseMs: 100, maxMs: 1000, maxAttempts: 2 }, clock(0.5));
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next()], [50, 100, undefined]);
  backoff.reset();
  assert.equal(backoff.next(), 50);
});
