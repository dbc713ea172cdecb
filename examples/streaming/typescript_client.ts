// Streams lines of text into Myelin, waits until each is acknowledged, then recalls some of them.
// The first function runs in browsers too; what is below it makes a program of it for Node.
import { MyelinClient } from "@myelin/client";

export async function streamLines(url: string, lines: Iterable<string>, question: string): Promise<void> {
  const client = new MyelinClient({ url, space: "streaming-example" });

  // The client comes back by itself and resumes: these only tell of it.
  client.on("disconnect", ({ retryInMs }) =>
    console.log(`connection lost, next attempt in ${Math.round(retryInMs)} ms`),
  );
  client.on("open", ({ id, resumed, initialSequence }) =>
    console.log(resumed ? `resumed ${id} after ${initialSequence}` : `session ${id}`),
  );
  await client.connect();

  // One verdict for every line, in order, at the pace the server takes them.
  let acknowledged = 0;
  for await (const verdict of client.observeAll(lines)) {
    if (verdict.status === "rejected") console.log(`${verdict.sequence} rejected: ${verdict.reason}`);
    else acknowledged++;
  }
  console.log(`${acknowledged} acknowledged`);

  const { results } = await client.recall({ text: question, maxResults: 3 });
  for (const memory of results) console.log(`recalled: ${memory.content}`);

  console.log(`closed after ${await client.close()}`);
}

// --- The program: node typescript_client.js URL QUESTION [FILE]

declare const process: {
  readonly argv: readonly string[];
  getBuiltinModule(name: "node:fs"): { readFileSync(file: string | number, as: "utf8"): string };
};

if (typeof process !== "undefined") {
  const [, , url, question, file] = process.argv;
  if (url === undefined || question === undefined) {
    throw new Error("Usage: typescript_client URL QUESTION [FILE], lines from standard input otherwise");
  }
  const text = process.getBuiltinModule("node:fs").readFileSync(file ?? 0, "utf8");
  await streamLines(url, text.split("\n").filter((line) => line !== ""), question);
}
