import { systemClock, type Clock } from "../clock.js";
import type { WebSocketConstructor } from "../socket.js";
import type { TicketProvider, TokenProvider } from "./credentials.js";
import { GatewayError, invalid } from "./errors.js";
import { defaultStore, type GatewayStore } from "./store.js";

export interface GatewayReconnect {
  /** Upper end of the first delay, until the server says otherwise. Default 500 ms. */
  readonly baseMs: number;
  /** No delay is longer, but for one that the server asks for. Default 20 s. */
  readonly maxMs: number;
  /** Attempts without a stable connection before the client gives up. Default: no end. */
  readonly maxAttempts: number;
}

export interface GatewayOptions {
  /** Where the server is: `http://host:port` or `ws://host:port`, with or without `/ws`. */
  readonly url: string | URL;
  /** An API key or a token, or better a function that gets a fresh one. It never goes into a URL. */
  readonly token?: string | TokenProvider;
  /** Gets a one-use ticket for each connection, instead of a token. */
  readonly ticket?: TicketProvider;
  /** Names this installation and tab; one is made and kept in the store if left out. */
  readonly clientId?: string;
  /** What the client can do; the default is all that this one understands. */
  readonly capabilities?: readonly string[];
  /** Where session, positions and unanswered commands outlive a reload. Default: the tab's `sessionStorage`. */
  readonly store?: GatewayStore;
  /** Under which name; for two clients of one page. Default: made of the URL. */
  readonly storeKey?: string;
  /** Commands without a reply; beyond it sending refuses. Default 100. */
  readonly maxOutbox?: number;
  /** Characters of their JSON, all together. Default 1 Mi. */
  readonly maxOutboxBytes?: number;
  /** Channels that are subscribed or spoken of at a time. Default 1 000. */
  readonly maxChannels?: number;
  /** From the attempt to connect to the server's `connection.ack`. Default 10 s. */
  readonly connectTimeoutMs?: number;
  readonly reconnect?: Partial<GatewayReconnect>;
  /** The constructor of sockets; the global `WebSocket` if left out. */
  readonly WebSocket?: unknown;
  /** For tests. */
  readonly clock?: Clock;
}

/** Options that are checked and whole. */
export interface GatewaySettings {
  readonly url: string;
  readonly token: string | TokenProvider | undefined;
  readonly ticket: TicketProvider | undefined;
  readonly clientId: string | undefined;
  readonly capabilities: readonly string[];
  readonly store: GatewayStore;
  readonly storeKey: string;
  readonly maxOutbox: number;
  readonly maxOutboxBytes: number;
  readonly maxChannels: number;
  readonly connectTimeoutMs: number;
  readonly reconnect: GatewayReconnect;
  readonly WebSocket: WebSocketConstructor;
  readonly clock: Clock;
}

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

export function gatewaySettings(options: GatewayOptions): GatewaySettings {
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

function gatewayUrl(given: string | URL): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw invalid("url", String(given), "such as http://localhost:8080");
  }
  url.protocol = url.protocol.replace(/^http/, "ws");
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    throw invalid("url", String(given), "http, https, ws or wss");
  }
  if (url.pathname === "/") url.pathname = "/ws";
  return url.href;
}

function named(clientId: string | undefined): string | undefined {
  if (clientId === undefined || (clientId.length >= 1 && clientId.length <= 128)) return clientId;
  throw invalid("clientId", `${clientId.length} characters`, "1 to 128");
}

function count(name: string, value: number | undefined, otherwise: number): number {
  const chosen = value ?? otherwise;
  if (!(chosen >= 1)) throw invalid(name, String(chosen), "at least 1");
  return chosen;
}

function constructorOf(given: unknown): WebSocketConstructor {
  const found = given ?? (globalThis as { readonly WebSocket?: unknown }).WebSocket;
  if (typeof found === "function") return found as WebSocketConstructor;
  throw new GatewayError(
    0,
    "INVALID_ARGUMENT",
    "There is no WebSocket here. Use Node 22 or newer, start Node 20 with --experimental-websocket," +
      " or pass a constructor: new GatewayClient({ url, WebSocket }).",
  );
}
