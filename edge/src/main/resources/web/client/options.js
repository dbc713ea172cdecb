import { systemClock } from "./clock.js";
import { MyelinError } from "./errors.js";
export function settingsOf(options) {
    const reconnect = options.reconnect ?? {};
    return {
        url: streamUrl(options.url),
        space: options.space ?? "default",
        apiKey: options.apiKey,
        session: options.session,
        format: options.format ?? "json",
        embeddings: options.embeddings ?? "base64",
        batchedAcks: options.batchedAcks ?? false,
        indexedAcks: options.indexedAcks ?? false,
        maxUnacknowledged: count("maxUnacknowledged", options.maxUnacknowledged, 10_000),
        maxInFlight: Math.min(10_000, count("maxInFlight", options.maxInFlight, 1_000)),
        maxBufferedBytes: count("maxBufferedBytes", options.maxBufferedBytes, 1 << 20),
        maxMessageBytes: count("maxMessageBytes", options.maxMessageBytes, 4 << 20),
        maxPendingRecalls: count("maxPendingRecalls", options.maxPendingRecalls, 100),
        connectTimeoutMs: count("connectTimeoutMs", options.connectTimeoutMs, 10_000),
        silenceTimeoutMs: count("silenceTimeoutMs", options.silenceTimeoutMs, 75_000),
        reconnect: {
            baseMs: count("reconnect.baseMs", reconnect.baseMs, 100),
            maxMs: count("reconnect.maxMs", reconnect.maxMs, 10_000),
            maxAttempts: reconnect.maxAttempts ?? Infinity,
        },
        WebSocket: constructorOf(options.WebSocket),
        clock: options.clock ?? systemClock,
    };
}
function streamUrl(given) {
    let url;
    try {
        url = new URL(given);
    }
    catch {
        throw invalid("url", String(given), "such as http://localhost:8080");
    }
    url.protocol = url.protocol.replace(/^http/, "ws");
    if (url.protocol !== "ws:" && url.protocol !== "wss:") {
        throw invalid("url", String(given), "http, https, ws or wss");
    }
    if (url.pathname === "/")
        url.pathname = "/v1/stream";
    return url.href;
}
function count(name, value, otherwise) {
    const chosen = value ?? otherwise;
    if (!(chosen >= 1))
        throw invalid(name, String(chosen), "at least 1");
    return chosen;
}
function constructorOf(given) {
    const found = given ?? globalThis.WebSocket;
    if (typeof found === "function")
        return found;
    throw new MyelinError("invalid_argument", "There is no WebSocket here. Use Node 22 or newer, start Node 20 with --experimental-websocket," +
        " or pass a constructor: new MyelinClient({ url, WebSocket }).");
}
function invalid(name, value, expected) {
    return new MyelinError("invalid_argument", `${name}: ${value} (expected: ${expected})`);
}
