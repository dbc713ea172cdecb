import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, linesOfFile } from "../dist/console/lines.js";
import { Meter } from "../dist/console/meter.js";

const accepted = { status: "accepted" };

test("counts what is acknowledged and what is rejected", () => {
  const meter = new Meter();
  meter.record(accepted, 5, 0);
  meter.record({ status: "settled" }, 5, 0);
  meter.record({ status: "rejected" }, 5, 0);
  assert.equal(meter.acknowledged, 2);
  assert.equal(meter.rejected, 1);
});

test("knows the rate, and forgets it when nothing comes", () => {
  const meter = new Meter();
  for (let i = 0; i < 3000; i++) meter.record(accepted, 1, i);
  assert.ok(Math.abs(meter.rate(2999) - 1000) < 5);
  assert.deepEqual(meter.history(2999).slice(-4), [0, 1000, 1000, 1000]);
  assert.equal(meter.rate(10_000), 0);
  assert.equal(meter.history(10_000).reduce((a, b) => a + b), 3000);
  assert.equal(meter.history(100_000).reduce((a, b) => a + b), 0);
});

test("knows the latencies of the newest observations", () => {
  const meter = new Meter();
  assert.equal(meter.latency(0.5), undefined);
  for (let i = 0; i < 5000; i++) meter.record(accepted, 1000, 0);
  for (let i = 1; i <= 2000; i++) meter.record(accepted, i % 100, 0);
  assert.equal(meter.latency(0.5), 50);
  assert.equal(meter.latency(0.99), 99);
});

test("reads lines of a file whatever pieces it comes in", async () => {
  const text = "één\r\n\nzwei ☕\n   \nthree\nlast";
  const bytes = new TextEncoder().encode(text);
  assert.deepEqual([...linesOf(text)], ["één", "zwei ☕", "three", "last"]);
  for (let size = 1; size < 8; size++) {
    const file = {
      stream: () =>
        new ReadableStream({
          start(controller) {
            for (let at = 0; at < bytes.length; at += size) {
              controller.enqueue(bytes.slice(at, at + size));
            }
            controller.close();
          },
        }),
    };
    const lines = [];
    let read = 0;
    for await (const line of linesOfFile(file, (count) => (read = count))) lines.push(line);
    assert.deepEqual(lines, ["één", "zwei ☕", "three", "last"]);
    assert.equal(read, bytes.length);
  }
});
