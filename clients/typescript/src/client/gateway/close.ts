import { errorName, type GatewayErrorName } from "./errors.js";

/** How a connection ended. */
export interface GatewayClose {
  /** The WebSocket's close code; 1006 if there was none. */
  readonly code: number;
  readonly name: GatewayErrorName;
  readonly reason: string;
  /** Whether a client of this kind comes back by itself after such an end. */
  readonly reconnects: boolean;
  /** How long the server asks to stay away, if it does. */
  readonly retryAfterMs: number | undefined;
  /** Whether the session may still be there. */
  readonly resumable: boolean;
}

/** After these the same client, with the same permissions, may be welcome again; after all others it is not. */
const RECONNECT: ReadonlySet<number> = new Set([
  1001, 1005, 1006, 1011, 1012, 1013, 4002, 4004, 4011, 4012, 4017,
]);

const STANDARD: Readonly<Record<number, string>> = {
  1000: "NORMAL",
  1001: "GOING_AWAY",
  1005: "NO_STATUS",
  1006: "CONNECTION_LOST",
  1009: "MESSAGE_TOO_LARGE",
  1011: "INTERNAL",
  1012: "RESTART",
  1013: "TRY_LATER",
};

/** Reads a close code and its reason, `NAME;retry_after_ms=..;resume=0|1`: browsers show nothing else. */
export function readClose(code: number, reason: string): GatewayClose {
  const [first = "", ...rest] = reason.split(";");
  const fields = new Map(rest.map((part) => part.split("=", 2) as [string, string | undefined]));
  const retryAfterMs = Number(fields.get("retry_after_ms") ?? NaN);
  return {
    code,
    name: /^[A-Z][A-Z0-9_]*$/.test(first) ? first : (errorName(code) ?? STANDARD[code] ?? `CLOSE_${code}`),
    reason,
    reconnects: RECONNECT.has(code),
    retryAfterMs: retryAfterMs >= 0 ? retryAfterMs : undefined,
    resumable: fields.get("resume") !== "0",
  };
}
