export { MyelinClient } from "./client.js";
export type {
  ClientEvents,
  ClientState,
  CloseOptions,
  ObserveOptions,
  RecallOptions,
} from "./api.js";
export type { BackoffOptions } from "./backoff.js";
export type { Clock } from "./clock.js";
export { MyelinError } from "./errors.js";
export type { ClientOptions } from "./options.js";
export type {
  Accepted,
  Capabilities,
  Episode,
  Priority,
  RecallBatch,
  RecalledMemory,
  RecallQuery,
  RecallSummary,
  Recollection,
  Rejected,
  Session,
  Settled,
  StreamState,
  StreamStatus,
  Vector,
  Verdict,
} from "./types.js";
