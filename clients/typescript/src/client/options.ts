import type { BackoffOptions } from "./backoff.js";
import { systemClock, type Clock } from "./clock.js";
import { MyelinError } from "./errors.js";
import type { WebSocketConstructor } from "./socket.js";
import type { EmbeddingForm } from "./wire/json.js";

export interface ClientOptions {
  /** Where the server is: `http://host:port` or `ws://host:port`, with or without `/v1/stream`. */
  readonly url: string | URL;
  /** The space to observe into; `default` if left out. */
  readonly space?: string;
  /** The server's key, if it wants one. It goes with the handshake, never in the URL. */
  readonly apiKey?: string;
  /** A session of an earlier process to go on with. */
  readonly session?: string;
  /** Frames: `json` (text, the default) or `binary` (protobuf: smaller and faster). */
  readonly format?: "json" | "binary";
  /** How JSON spells embeddings: `base64` (the default) or `array`. */
  readonly embeddings?: EmbeddingForm;
  /** Lets the server acknowledge ranges instead of single observations: faster, without `replaced`. */
  readonly batchedAcks?: boolean;
  /** Asks for `indexed` events. */
  readonly indexedAcks?: boolean;
  /** Observations without a verdict, sent or not; beyond it `observe` refuses. Default 10 000. */
  readonly maxUnacknowledged?: number;
  /** Observations on their way at a time, up to 10 000. Default 1 000. */
  readonly maxInFlight?: number;
  /** Bytes the socket may hold back before sending waits. Default 1 MiB. */
  readonly maxBufferedBytes?: number;
  /** Bytes of one message; a larger observation is refused. Default 4 MiB, as the server's. */
  readonly maxMessageBytes?: number;
  /** Recalls without their whole answer. Default 100. */
  readonly maxPendingRecalls?: number;
  /** From the attempt to connect to the server's `init_ack`. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Silence after which the connection counts as broken; the server speaks every 30 s. Default 75 s. */
  readonly silenceTimeoutMs?: number;
  /** Delays between attempts to connect. Default: full jitter up to 100 ms, doubling up to 10 s, for ever. */
  readonly reconnect?: Partial<BackoffOptions>;
  /** The constructor of sockets; the global `WebSocket` if left out. */
  readonly WebSocket?: unknown;
  /** For tests. */
  readonly clock?: Clock;
}

/** Options that are checked and whole. */
export interface Settings {
  readonly url: string;
  readonly space: string;
  readonly apiKey: string | undefined;
  readonly session: string | undefined;
  readonly format: "json" | "binary";
  readonly embeddings: EmbeddingForm;
  readonly batchedAcks: boolean;
  readonly indexedAcks: boolean;
  readonly maxUnacknowledged: number;
  readonly maxInFlight: number;
  readonly maxBufferedBytes: number;
  readonly maxMessageBytes: number;
  readonly maxPendingRecalls: number;
  readonly connectTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  readonly reconnect: BackoffOptions;
  readonly WebSocket: WebSocketConstructor;
  readonly clock: Clock;
}

export function settingsOf(options: ClientOptions): Settings {
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

function streamUrl(given: string | URL): string {
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
  if (url.pathname === "/") url.pathname = "/v1/stream";
  return url.href;
}

function count(name: string, value: number | undefined, otherwise: number): number {
  const chosen = value ?? otherwise;
  if (!(chosen >= 1)) throw invalid(name, String(chosen), "at least 1");
  return chosen;
}

function constructorOf(given: unknown): WebSocketConstructor {
  const found = given ?? (globalThis as { readonly WebSocket?: unknown }).WebSocket;
  if (typeof found === "function") return found as WebSocketConstructor;
  throw new MyelinError(
    "invalid_argument",
    "There is no WebSocket here. Use Node 22 or newer, start Node 20 with --experimental-websocket," +
      " or pass a constructor: new MyelinClient({ url, WebSocket }).",
  );
}

function invalid(name: string, value: string, expected: string): MyelinError {
  return new MyelinError("invalid_argument", `${name}: ${value} (expected: ${expected})`);
}
