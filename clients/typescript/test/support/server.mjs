import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const LAUNCHER = process.env.MYELIN_LAUNCHER ?? "./myelin"; // to try another build of the server
const READY_WITHIN_MS = 120_000; // the launcher may have to build first

/** Asks again until an answer is true; fails after a while. */
export async function until(what, condition, withinMs = 30_000) {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A real server on a port and a data folder of its own; can be killed and started again. */
export class Server {
  #process;
  #output = "";

  /** @param env settings by environment, beside those of the options */
  static async start(options = [], env = {}) {
    const server = new Server();
    server.env = { ...process.env, ...env };
    server.port = await freePort();
    server.data = await mkdtemp(join(tmpdir(), "myelin-ts-"));
    server.options = options;
    await server.begin();
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async begin() {
    const address = ["--host", "127.0.0.1", "--port", String(this.port)];
    const child = spawn(LAUNCHER, ["serve", ...address, "--data", this.data, ...this.options], {
      cwd: ROOT,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => (this.#output = (this.#output + text).slice(-20_000)));
    }
    await until("the server is ready", () => this.#isReady(), READY_WITHIN_MS);
  }

  /** Ends the process; SIGKILL leaves it no time for anything. */
  async end(signal = "SIGTERM") {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await exited;
  }

  async stop() {
    await this.end();
    await rm(this.data, { recursive: true, force: true });
  }

  async #isReady() {
    if (this.#process.exitCode !== null) throw new Error(`the server ended:\n${this.#output}`);
    try {
      return (await fetch(`${this.url}/health/ready`)).ok;
    } catch {
      return false;
    }
  }
}
