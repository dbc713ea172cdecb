import type { ConnectionEvents } from "./lifecycle.js";
import { channelName, type Envelope } from "./envelope.js";
import type * as wire from "./payloads.js";

/** The payload of each type of event that this client knows. */
export interface GatewayPayloads {
  "connection.ack": wire.ConnectionAck;
  "connection.goaway": wire.ConnectionGoaway;
  "connection.heartbeat": wire.ConnectionHeartbeat;
  "connection.token_expiring": wire.TokenExpiring;
  "connection.refreshed": wire.ConnectionRefreshed;
  "channel.subscribed": wire.ChannelSubscribed;
  "channel.unsubscribed": wire.ChannelUnsubscribed;
  "channel.presence": wire.ChannelPresence;
  "team.activity": wire.TeamActivity;
  "team.presence.update": wire.TeamPresenceUpdate;
  "team.notification": wire.TeamNotification;
  "team.notification.ack": wire.TeamNotificationAck;
  "library.created": wire.LibraryChange;
  "library.updated": wire.LibraryChange;
  "library.deleted": wire.LibraryChange;
  "document.added": wire.LibraryChange;
  "document.updated": wire.LibraryChange;
  "document.deleted": wire.LibraryChange;
  "memory.added": wire.LibraryChange;
  "index.rebuilt": wire.LibraryChange;
  "index.optimized": wire.LibraryChange;
  "batch.started": wire.LibraryChange;
  "batch.completed": wire.LibraryChange;
  "batch.failed": wire.LibraryChange;
  "job.created": wire.LibraryChange;
  "job.started": wire.LibraryChange;
  "job.progress": wire.LibraryChange;
  "job.completed": wire.LibraryChange;
  "job.failed": wire.LibraryChange;
  "job.cancelled": wire.LibraryChange;
  "assistant.content": wire.AssistantContent;
  "system.announcement": wire.SystemAnnouncement;
  "quota.warning": wire.QuotaWarning;
  "rate_limit.updated": wire.RateLimitUpdated;
}

export type KnownType = keyof GatewayPayloads;

/** The payload of a type; of one that nobody has described, an object of unknown members. */
export type PayloadOf<T extends string> = T extends KnownType
  ? GatewayPayloads[T]
  : Readonly<Record<string, unknown>>;

/** Something that the server tells. */
export interface GatewayEvent<T extends string = string> {
  readonly id: string | undefined;
  readonly type: T;
  /** `type:id`; undefined if it concerns no channel. */
  readonly channel: string | undefined;
  /** Its number on the channel; undefined if it is neither stored nor replayed. */
  readonly offset: number | undefined;
  readonly epoch: string | undefined;
  /** The server's clock; not to be used for order. */
  readonly timestamp: Date | undefined;
  readonly correlationId: string | undefined;
  readonly sender: string | undefined;
  /** Whether it is told because it was missed. */
  readonly replayed: boolean;
  readonly payload: PayloadOf<T>;
}

/** Events of the server by type; each type with a dot is one, known or not. */
export type ServerEvents = { readonly [T in KnownType]: GatewayEvent<T> } & {
  readonly [unknown: `${string}.${string}`]: GatewayEvent;
};

/** All that a client tells: its connection's life, and what the server says, by type or all together. */
export type GatewayEvents = ConnectionEvents & { readonly event: GatewayEvent } & ServerEvents;

export function eventOf(envelope: Envelope): GatewayEvent {
  const { id, type, offset, epoch, correlation_id, sender, payload } = envelope;
  return {
    id,
    type,
    channel: channelName(envelope.channel ?? payload["channel"]),
    offset,
    epoch,
    timestamp: envelope.timestamp === undefined ? undefined : new Date(envelope.timestamp),
    correlationId: correlation_id,
    sender,
    replayed: envelope.replayed === true,
    payload,
  };
}
