import type { GatewayClose } from "./close.js";
import type { GatewayError } from "./errors.js";
import type { SettledCommand } from "./outbox.js";
import type { ConnectionAck } from "./payloads.js";

/**
 * `idle` before the first `connect`; `connecting` until the socket is open and `authenticating` until the server
 * has said who it is talking to; `connected`; `waiting` for the next attempt; `closed`.
 */
export type GatewayState = "idle" | "connecting" | "authenticating" | "connected" | "waiting" | "closed";

/** A connection that is ready. */
export interface GatewaySession {
  readonly connectionId: string;
  /** `resumed` goes on where the last connection broke; `fresh` would have liked to. */
  readonly status: ConnectionAck["status"];
  readonly user: ConnectionAck["user"];
  readonly serverVersion: string;
  readonly protocolVersion: string;
  readonly capabilities: readonly string[];
}

/** What a client tells of its connection. */
export interface ConnectionEvents {
  /** Every change of `client.state`. */
  readonly state: GatewayState;
  /** A connection is ready: the first one, or one after a break. */
  readonly connected: GatewaySession;
  /** The connection broke, or an attempt failed; the client comes back by itself. */
  readonly disconnected: GatewayClose & { readonly retryInMs: number };
  /** A command has its reply: one of this page, or one that an earlier page left unanswered. */
  readonly settled: SettledCommand;
  /** Something went wrong that no promise stands for. */
  readonly error: GatewayError;
  /** It is over; with the reason, unless `close` was called. */
  readonly close: GatewayError | undefined;
}
