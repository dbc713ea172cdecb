import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL("..", import.meta.url));
const served = join(here, "../../edge/src/main/resources/web");

async function scripts(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = names.sort().map(async (name) => [name, await readFile(join(folder, name), "utf8")]);
  return new Map(await Promise.all(texts));
}

test("the scripts the server carries are those of these sources (npm run build:web)", async () => {
  const fresh = await mkdtemp(join(tmpdir(), "myelin-web-"));
  try {
    const tsc = join(here, "node_modules/.bin/tsc");
    await promisify(execFile)(tsc, ["-p", join(here, "tsconfig.web.json"), "--outDir", fresh]);
    const [built, carried] = [await scripts(fresh), await scripts(served)];
    assert.deepEqual([...carried.keys()], [...built.keys()]);
    for (const [name, text] of built) assert.equal(carried.get(name), text, name);
  } finally {
    await rm(fresh, { recursive: true });
  }
});
