/** One event of `text/event-stream`. */
export interface ServerSentEvent {
  /** The last id that was told; empty if none was. */
  readonly id: string;
  readonly data: string;
}

/**
 * Reads `text/event-stream` as it comes in.
 *
 * @param alive called with every piece that arrives, also with comments
 */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): AsyncGenerator<ServerSentEvent> {
  let id = "";
  let data: string[] = [];
  for await (const line of lines(body, alive)) {
    if (line === "") {
      if (data.length > 0) yield { id, data: data.join("\n") };
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    if (name === "id" && !value.includes("\0")) id = value;
  }
}

/** Lines of UTF-8, without their ends: `\n`, `\r\n` or `\r`. What has no end is dropped. */
async function* lines(body: ReadableStream<Uint8Array>, alive: () => void): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      text += decoder.decode(value, { stream: true });
      // A \r at the very end may be half of a \r\n.
      const whole = text.endsWith("\r") ? text.length - 1 : text.length;
      let from = 0;
      for (const end of text.slice(0, whole).matchAll(/\r\n|\n|\r/g)) {
        yield text.slice(from, end.index);
        from = end.index + end[0].length;
      }
      text = text.slice(from);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
