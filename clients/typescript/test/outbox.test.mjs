import assert from "node:assert/strict";
import { test } from "node:test";
import { MyelinError } from "../dist/client/errors.js";
import { Outbox } from "../dist/client/outbox.js";

const accepted = (sequence) => ({
  status: "accepted",
  sequence,
  memoryId: `e${sequence}`,
  committedAt: new Date(0),
  replaced: false,
});

/** An outbox with observations, of which the first few have left. */
function outbox(count, left, capacity = 100) {
  const box = new Outbox(capacity);
  const verdicts = [];
  for (let i = 1; i <= count; i++) verdicts.push(box.add({ id: `e${i}`, what: "w" }, "normal"));
  for (let i = 0; i < left; i++) box.left(box.next());
  return { box, verdicts };
}

const unsent = (box) => {
  const sequences = [];
  for (let entry = box.next(); entry !== undefined; entry = box.next()) {
    sequences.push([entry.sequence, entry.episode.id]);
    box.left(entry);
  }
  return sequences;
};

test("numbers from one, keeps what has no verdict, gives each exactly one", async () => {
  const { box, verdicts } = outbox(3, 3);
  assert.equal(box.inFlight, 3);
  assert.ok(box.settle(accepted(1)));
  assert.ok(!box.settle(accepted(1)), "a second verdict on one number is none");
  assert.ok(!box.settle(accepted(9)), "a verdict on nothing is none");
  assert.equal((await verdicts[0]).memoryId, "e1");
  assert.equal(box.size, 2);
  assert.equal(box.settledSequence, 1);
});

test("refuses more than its capacity, and says when there is room", async () => {
  const { box } = outbox(2, 2, 2);
  assert.throws(
    () => box.add({ id: "x", what: "w" }, "normal"),
    (error) => error.code === "outbox_full" && error.isTemporary,
  );
  const room = box.room();
  box.settle(accepted(1));
  await room;
  box.add({ id: "x", what: "w" }, "normal");
});

test("after a break drops what was settled and sends the rest with the same numbers", async () => {
  const { box, verdicts } = outbox(5, 4);
  box.settle(accepted(1));
  const settled = box.restart(3, true);
  assert.deepEqual(settled.map((entry) => entry.sequence), [2, 3]);
  assert.deepEqual(await verdicts[1], { status: "settled", sequence: 2, memoryId: "e2" });
  assert.equal(box.inFlight, 0);
  assert.deepEqual(unsent(box), [[4, "e4"], [5, "e5"]]);
  assert.equal(box.inFlight, 2);
});

test("in a new session sends everything again, numbered from one", () => {
  const { box } = outbox(4, 4);
  box.settle(accepted(1));
  assert.deepEqual(box.restart(0, false), []);
  assert.deepEqual(unsent(box), [[1, "e2"], [2, "e3"], [3, "e4"]]);
});

test("what never left is not mistaken for settled when an old session is resumed", () => {
  const { box } = outbox(2, 0);
  assert.deepEqual(box.restart(40, true), []);
  assert.deepEqual(unsent(box), [[41, "e1"], [42, "e2"]]);
});

test("one that cannot be taken leaves no hole", async () => {
  const { box, verdicts } = outbox(4, 2);
  box.withdraw(box.find(2), new MyelinError("invalid_request", "no", 2));
  await assert.rejects(verdicts[1], { code: "invalid_request" });
  box.restart(1, true);
  assert.deepEqual(unsent(box), [[2, "e3"], [3, "e4"]]);
});

test("says when it is empty, also when it gives up", async () => {
  const { box, verdicts } = outbox(2, 1);
  const empty = box.empty();
  box.fail(new MyelinError("closed", "over"));
  await empty;
  await assert.rejects(verdicts[0], { code: "closed" });
  await assert.rejects(verdicts[1], { code: "closed" });
});

test("stays small and right over many observations, verdicts and breaks", () => {
  const seed = Date.now() % 2 ** 31;
  let state = seed;
  const random = (below) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  const box = new Outbox(50);
  const told = new Map();
  let count = 0;
  let floor = 0;
  while (count < 20_000) {
    if (random(10) < 6 && box.size < 50) {
      const id = `o${++count}`;
      box.add({ id, what: "w" }, "normal").then((verdict) => told.set(id, verdict.sequence));
    } else if (random(3) > 0 && box.next() !== undefined) {
      box.left(box.next());
    } else if (box.inFlight > 0) {
      assert.ok(box.settle(accepted(++floor)), `seed ${seed}`);
    }
    if (random(500) === 0) {
      floor += random(box.inFlight + 1);
      box.restart(floor, true);
    }
    assert.equal(box.settledSequence, floor, `seed ${seed}`);
  }
});
