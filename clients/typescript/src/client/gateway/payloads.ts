// Payloads of the gateway's events, with the members as they are on the wire. Types, not interfaces, so that
// each is also an object of unknown members. A newer server may add members.

export type ChannelAddress = { readonly type: string; readonly id: string };

export type ConnectionAck = {
  readonly status: "connected" | "resumed" | "fresh";
  readonly connection_id: string;
  readonly session_id: string;
  readonly client_id: string;
  readonly user: {
    readonly id: string;
    readonly tenant_id: string;
    readonly name?: string;
    readonly roles?: readonly string[];
    readonly permissions_hash?: string;
  };
  readonly server_version: string;
  readonly protocol_version: string;
  readonly capabilities: readonly string[];
  readonly heartbeat_interval_ms: number;
  readonly heartbeat_timeout_ms: number;
  readonly resume_window_ms: number;
  readonly token_expires_at?: string | null;
  readonly server_time: string;
  readonly reconnect?: { readonly base_ms: number; readonly max_ms: number; readonly jitter: "full" };
  readonly limits?: {
    readonly max_message_bytes?: number;
    readonly max_channels?: number;
    readonly max_inflight?: number;
    readonly inline_max_bytes?: number;
    readonly rate?: Readonly<Record<string, { limit: number; window_ms: number; burst: number }>>;
  };
  readonly channels?: readonly ChannelSubscribed[];
};

export type ConnectionGoaway = {
  readonly reason: "shutdown" | "rebalance" | "max_age" | (string & {});
  readonly after_ms: number;
  readonly resume?: boolean;
};

export type ConnectionHeartbeat = { readonly timestamp?: string; readonly rtt_echo?: string };

export type TokenExpiring = { readonly expires_at: string; readonly expires_in_ms: number };

export type ConnectionRefreshed = {
  readonly expires_at?: string | null;
  readonly permissions_changed?: boolean;
  readonly dropped_channels?: readonly (string | ChannelAddress)[];
};

export type ChannelPermission = "read" | "write" | "invoke" | "moderate";

export type ChannelSubscribed = {
  readonly channel: ChannelAddress | string;
  readonly epoch: string;
  /** The end of the channel's log at the moment of the snapshot. */
  readonly offset: number;
  readonly was_recovering: boolean;
  /** Whether everything since the position asked for is here or follows. */
  readonly recovered: boolean;
  readonly recovery: "none" | "replay" | "snapshot";
  /** Events that follow, marked as replayed. */
  readonly replay_count: number;
  readonly current_state: Readonly<Record<string, unknown>>;
  readonly permissions: readonly ChannelPermission[];
  readonly already?: boolean;
};

export type ChannelUnsubscribed = {
  readonly channel: ChannelAddress | string;
  readonly reason: "client" | "permission_revoked" | "deleted" | "token" | "insufficient_state" | (string & {});
  readonly resubscribe?: boolean;
};

export type PresenceStatus = "active" | "away" | "busy" | "offline";

export type PresenceMember = {
  readonly id: string;
  readonly status: PresenceStatus;
  readonly activity?: unknown;
  readonly name?: string;
  readonly devices?: number;
  readonly joined_at?: string;
  readonly last_active_at?: string;
};

export type PresenceCounts = { readonly users: number; readonly connections: number };

export type ChannelPresence = {
  readonly channel: ChannelAddress | string;
  readonly kind: "snapshot" | "diff" | "count";
  readonly version: number;
  readonly users?: readonly PresenceMember[];
  readonly joined?: readonly PresenceMember[];
  readonly left?: readonly PresenceMember[];
  readonly updated?: readonly PresenceMember[];
  readonly counts: PresenceCounts;
};

export type TeamActivity = {
  readonly team_id: string;
  readonly activity: {
    readonly type: string;
    readonly user: { readonly id: string; readonly name: string };
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly activity_id?: string;
  readonly occurred_at?: string;
  readonly group_key?: string;
  readonly count?: number;
  readonly visibility?: string;
};

export type TeamPresenceUpdate = {
  readonly team_id: string;
  readonly user_id: string;
  readonly status: PresenceStatus;
  readonly activity?: {
    readonly type: string;
    readonly document_id?: string;
    readonly location?: string;
    readonly conversation_id?: string;
  };
  readonly expires_in_ms?: number;
  readonly version?: number;
  readonly since?: string;
};

export type TeamNotification = {
  readonly team_id: string;
  readonly notification: {
    readonly id: string;
    readonly type: string;
    readonly from_user?: unknown;
    readonly message: string;
    readonly context?: Readonly<Record<string, unknown>>;
    readonly title?: string;
    readonly priority?: string;
    readonly action_url?: string;
    readonly created_at?: string;
    readonly expires_at?: string;
    readonly is_read?: boolean;
  };
};

export type TeamNotificationAck = { readonly ids: readonly string[]; readonly action: "read" | "dismiss" };

/** A change of a library, on its channel `library:{id}`; the members are those of the library's own feed. */
export type LibraryChange = Readonly<Record<string, unknown>>;

export type SystemAnnouncement = {
  readonly level: "info" | "warning" | "critical";
  readonly message: string;
  readonly action_required?: unknown;
};

export type QuotaWarning = {
  readonly resource: string;
  readonly usage: { readonly used: number; readonly limit: number; readonly percentage: number };
  readonly reset_at?: string;
};

export type RateLimitUpdated = {
  readonly limits: readonly { name: string; limit: number; remaining: number; reset_ms: number }[];
};

/** A piece of an answer that is being written. */
export type AssistantContent = {
  readonly conversation_id?: string;
  readonly message_id: string;
  readonly run_id?: string;
  readonly seq?: number;
  readonly content: string;
  readonly block_index?: number;
  /** Where the piece begins, in UTF-16 units of its block. */
  readonly at?: number;
  readonly final?: boolean;
  readonly length?: number;
};
