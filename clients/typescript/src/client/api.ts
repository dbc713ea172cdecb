import type { ConnectionEnd } from "./connection.js";
import type { MyelinError } from "./errors.js";
import type { Priority, Session, StreamStatus, Verdict } from "./types.js";

/** What a client tells its listeners. */
export interface ClientEvents {
  /** A connection is ready: the first one, or one after a break. */
  open: Session;
  /** An observation has its verdict. */
  verdict: Verdict;
  /** A text has its embedding; only with the option `indexedAcks`. */
  indexed: { readonly sequence: number; readonly memoryId: string };
  /** The server speaks of pressure or flow. */
  status: StreamStatus;
  heartbeat: undefined;
  /** The connection broke; the client comes back by itself. */
  disconnect: ConnectionEnd & { readonly retryInMs: number };
  /** The server refused something that no promise stands for. */
  error: MyelinError;
  /** It is over; with the reason, unless `close` was called. */
  close: MyelinError | undefined;
}

export type ClientState = "new" | "connecting" | "open" | "waiting" | "closed";

export interface ObserveOptions {
  readonly priority?: Priority;
}

export interface RecallOptions {
  readonly signal?: AbortSignal;
}

export interface CloseOptions {
  /** Whether everything observed gets its verdict first; true if left out. */
  readonly drain?: boolean;
  /** The longest that draining may take; 30 s if left out. */
  readonly timeoutMs?: number;
}
