import { systemClock } from "../clock.js";
import { GatewayError, invalid } from "./errors.js";
import { defaultStore } from "./store.js";
const CAPABILITIES = [
    "chat",
    "tools",
    "teams",
    "documents",
    "agents",
    "batch",
    "deflate",
    "presence",
    "typing",
    "resume",
    "history",
];
export function gatewaySettings(options) {
    const reconnect = options.reconnect ?? {};
    const url = gatewayUrl(options.url);
    if (options.token !== undefined && options.ticket !== undefined) {
        throw invalid("ticket", "beside a token", "one of token and ticket");
    }
    return {
        url,
        token: options.token,
        ticket: options.ticket,
        clientId: named(options.clientId),
        capabilities: options.capabilities ?? CAPABILITIES,
        store: options.store ?? defaultStore(),
        storeKey: `myelin.gateway:${options.storeKey ?? url}:`,
        maxOutbox: count("maxOutbox", options.maxOutbox, 100),
        maxOutboxBytes: count("maxOutboxBytes", options.maxOutboxBytes, 1 << 20),
        maxChannels: count("maxChannels", options.maxChannels, 1_000),
        connectTimeoutMs: count("connectTimeoutMs", options.connectTimeoutMs, 10_000),
        reconnect: {
            baseMs: count("reconnect.baseMs", reconnect.baseMs, 500),
            maxMs: count("reconnect.maxMs", reconnect.maxMs, 20_000),
            maxAttempts: count("reconnect.maxAttempts", reconnect.maxAttempts, Infinity),
        },
        WebSocket: constructorOf(options.WebSocket),
        clock: options.clock ?? systemClock,
    };
}
function gatewayUrl(given) {
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
        url.pathname = "/ws";
    return url.href;
}
function named(clientId) {
    if (clientId === undefined || (clientId.length >= 1 && clientId.length <= 128))
        return clientId;
    throw invalid("clientId", `${clientId.length} characters`, "1 to 128");
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
    throw new GatewayError(0, "INVALID_ARGUMENT", "There is no WebSocket here. Use Node 22 or newer, start Node 20 with --experimental-websocket," +
        " or pass a constructor: new GatewayClient({ url, WebSocket }).");
}
