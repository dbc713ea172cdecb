import { Backoff } from "../backoff.js";
import { MyelinError } from "../errors.js";
import { serverSentEvents } from "./event-stream.js";
import { aborted, pause } from "./http.js";
import { change } from "./wire.js";
const SILENCE_MS = 45_000;
export async function* follow(http, library, start, options) {
    let cursor = start;
    const backoff = new Backoff({ ...http.settings.retries, maxAttempts: Infinity }, http.settings.clock);
    for (;;) {
        try {
            for await (const json of connection(http, library, cursor, options)) {
                const told = change(json);
                backoff.reset();
                if (told.offset <= cursor)
                    continue;
                cursor = told.offset;
                yield told;
                if (told.type === "library.deleted")
                    return;
            }
        }
        catch (error) {
            if (!(error instanceof MyelinError) || !mayComeBack(error))
                throw error;
        }
        await pause(http.settings.clock, backoff.next() ?? 0, options.signal);
    }
}
function mayComeBack(error) {
    return error.code === "connection_lost" || error.code === "timeout" || error.isTemporary;
}
async function* connection(http, library, cursor, { types, signal }) {
    const over = new AbortController();
    const stop = () => over.abort();
    if (signal?.aborted)
        throw aborted();
    signal?.addEventListener("abort", stop, { once: true });
    const { clock } = http.settings;
    let takeBack = () => { };
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
        if (response.body === null)
            throw new MyelinError("connection_lost", "The stream of events is empty.");
        alive();
        for await (const event of serverSentEvents(response.body, alive)) {
            takeBack();
            yield JSON.parse(event.data);
            alive();
        }
    }
    catch (error) {
        if (signal?.aborted)
            throw aborted();
        if (error instanceof MyelinError && error.code !== "aborted")
            throw error;
        throw new MyelinError("connection_lost", `The stream of events broke: ${String(error)}`);
    }
    finally {
        takeBack();
        signal?.removeEventListener("abort", stop);
        over.abort();
    }
}
