import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));

test("events of the gateway have the types that are promised", async () => {
  const tsc = join(here, "node_modules/.bin/tsc");
  const said = await new Promise((resolve) => {
    execFile(tsc, ["-p", join(here, "tsconfig.test.json")], (error, out) => resolve(error === null ? "" : out));
  });
  assert.equal(said, "");
});
