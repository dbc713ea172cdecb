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
export type { ErrorDetails } from "./errors.js";
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
export { LibraryClient } from "./library/library-client.js";
export type { LibraryClientOptions } from "./library/library-client.js";
export type { ChangeOptions, GetOptions, LibraryHandle } from "./library/library-handle.js";
export type { FollowOptions } from "./library/changes.js";
export type { AwaitOptions, Job, Jobs, JobStatus, JobType } from "./library/jobs.js";
export { verifyWebhook } from "./library/webhooks.js";
export type {
  Delivery,
  NewWebhook,
  Webhook,
  WebhookFields,
  WebhookPatch,
  Webhooks,
  WebhookStatus,
} from "./library/webhooks.js";
export type {
  BatchItem,
  BatchOutcome,
  Change,
  ChangePage,
  Document,
  DocumentPatch,
  Filter,
  Library,
  LibraryPatch,
  LibraryStatistics,
  Metadata,
  NewDocument,
  NewLibrary,
  Operator,
  Passage,
  SearchHit,
  SearchQuery,
} from "./library/types.js";
export { GatewayClient } from "./gateway/client.js";
export type {
  ChannelEvents,
  CommandOptions,
  GatewayChannel,
  HistoryPage,
  HistoryQuery,
  PublishedEvent,
  Unsubscribed,
} from "./gateway/channel.js";
export type { GatewayClose } from "./gateway/close.js";
export type { TicketProvider, TokenProvider, TokenWithExpiry } from "./gateway/credentials.js";
export { GATEWAY_ERRORS, GatewayError } from "./gateway/errors.js";
export type { GatewayErrorDetails, GatewayErrorName, Violation } from "./gateway/errors.js";
export type { GatewayEvent, GatewayEvents, GatewayPayloads, PayloadOf } from "./gateway/events.js";
export type { GatewaySession, GatewayState } from "./gateway/lifecycle.js";
export type { GatewayOptions, GatewayReconnect } from "./gateway/options.js";
export type { SettledCommand } from "./gateway/outbox.js";
export type * from "./gateway/payloads.js";
export type { PresenceChange, Roster } from "./gateway/roster.js";
export type { Position, SavedCommand } from "./gateway/saved.js";
export { memoryStore } from "./gateway/store.js";
export type { GatewayStore } from "./gateway/store.js";
export type { SubscribeOptions } from "./gateway/subscriptions.js";
