import { Backoff } from "../backoff.js";
import { MyelinError } from "../errors.js";
import { serverSentEvents } from "./event-stream.js";
import { aborted, pause, type Http } from "./http.js";
import type { Change } from "./types.js";
import { change, type Json } from "./wire.js";

export interface FollowOptions {
  /** Goes on after this offset; 0 is the oldest kept, left out: from now on. */
  readonly since?: number;
  /** Names such as `document.added`, `document.*`; all but `memory.added` and `chunk.*` if left out. */
  readonly types?: readonly string[];
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** The server says something every 15 s. */
const SILENCE_MS = 45_000;

/**
 * The changes of a library as they happen, in order, each once. A connection that breaks is made anew
 * behind the last change that was taken; nothing is read ahead of the taker but what the sockets hold.
 *
 * @throws MyelinError `gone` (with `oldestOffset`) if the cursor is older than what is kept,
 *   `library_not_found`, `aborted`, and `gave_up` when no attempt to connect succeeds
 */
export async function* follow(
  http: Http,
  library: string,
  start: number,
  options: FollowOptions,
): AsyncGenerator<Change, void, undefined> {
  let cursor = start;
  const backoff = new Backoff({ ...http.settings.retries, maxAttempts: Infinity }, http.settings.clock);
  for (;;) {
    try {
      for await (const json of connection(http, library, cursor, options)) {
        const told = change(json);
        backoff.reset();
        if (told.offset <= cursor) continue;
        cursor = told.offset;
        yield told;
        if (told.type === "library.deleted") return;
      }
    } catch (error) {
      if (!(error instanceof MyelinError) || !mayComeBack(error)) throw error;
    }
    await pause(http.settings.clock, backoff.next() ?? 0, options.signal);
  }
}

function mayComeBack(error: MyelinError): boolean {
  return error.code === "connection_lost" || error.code === "timeout" || error.isTemporary;
}

/** What one connection tells until it breaks. */
async function* connection(
  http: Http,
  library: string,
  cursor: number,
  { types, signal }: FollowOptions,
): AsyncGenerator<Json> {
  const over = new AbortController();
  const stop = () => over.abort();
  if (signal?.aborted) throw aborted();
  signal?.addEventListener("abort", stop, { once: true });
  const { clock } = http.settings;
  let takeBack = () => {};
  const alive = () => {
    takeBack();
    takeBack = clock.after(SILENCE_MS, stop);
  };
  try {
    const response = await http.send("GET", "/v1/events/stream", {
      query: { library_id: library, event_types: types?.join(","), last_event_id: cursor },
      headers: { accept: "text/event-stream" },
      signal: over.signal,
      streamed: true,
    });
    if (response.body === null) throw new MyelinError("connection_lost", "The stream of events is empty.");
    alive();
    // Whoever takes slowly is not silent himself.
    for await (const event of serverSentEvents(response.body, alive)) {
      takeBack();
      yield JSON.parse(event.data) as Json;
      alive();
    }
  } catch (error) {
    if (signal?.aborted) throw aborted();
    if (error instanceof MyelinError && error.code !== "aborted") throw error;
    throw new MyelinError("connection_lost", `The stream of events broke: ${String(error)}`);
  } finally {
    takeBack();
    signal?.removeEventListener("abort", stop);
    over.abort();
  }
}
