// The examples against a real server, over a connection that is cut while they stream.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Proxy } from "../support/proxy.mjs";
import { ROOT, Server } from "../support/server.mjs";

const COUNT = 2_000;
const examples = join(ROOT, "examples/streaming");
const lines = Array.from({ length: COUNT }, (_, i) => `Reading ${i}: the "boiler" runs, all is well.`);

let server;
before(async () => (server = await Server.start()));
after(() => server?.stop());

const compiled = fileURLToPath(new URL("../../dist/examples/typescript_client.js", import.meta.url));
const commands = {
  TypeScript: () => [process.execPath, ["--experimental-websocket", "--no-warnings", compiled]],
  Python: () => ["python3", [join(examples, "streaming_client.py")]],
  Java: () => [javaCommand(), [join(examples, "StreamingClient.java")]],
};

function javaCommand() {
  const home = execFileSync(join(ROOT, "scripts/find-jdk"), { encoding: "utf8" }).trim();
  return join(home, "bin/java");
}

/** Runs a program to its end with the lines as its input. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
    child.stdin.on("error", () => {});
    child.stdin.end(`${lines.join("\n")}\n`);
  });
}

for (const [language, commandOf] of Object.entries(commands)) {
  const missing = language === "Python" && spawnSync("python3", ["--version"]).error;
  const skip = missing && process.env.CI !== "true" ? "there is no python3 here" : false;
  test(`the ${language} example resumes after a cut, and recalls`, { skip }, async () => {
    let cuts = 0;
    const proxy = await Proxy.start(server.port, () => (++cuts <= 2 ? 100_000 : Infinity));
    const [command, args] = commandOf();
    const { code, output } = await run(command, [...args, proxy.url, "Does the boiler run?"]);
    await proxy.stop();
    assert.equal(code, 0, output);
    assert.match(output, /connection lost/, output);
    assert.match(output, /resumed \S+ after \d+/, output);
    assert.match(output, new RegExp(`^${COUNT} acknowledged$`, "m"), output);
    assert.equal(output.match(/^recalled: Reading \d+: the "boiler" runs, all is well\.$/gm)?.length, 3, output);
    assert.match(output, new RegExp(`^closed after ${COUNT}$`, "m"), output);
  });
}
