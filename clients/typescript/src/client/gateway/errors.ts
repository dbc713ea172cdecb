/** The numbers of the gateway's errors, as events and as close codes, and what they are called. */
export const GATEWAY_ERRORS = {
  4001: "INVALID_TOKEN",
  4002: "TOKEN_EXPIRED",
  4003: "PERMISSION_DENIED",
  4004: "RATE_LIMIT_EXCEEDED",
  4005: "INVALID_MESSAGE_FORMAT",
  4006: "CHANNEL_NOT_FOUND",
  4007: "AGENT_NOT_AVAILABLE",
  4008: "UNSUPPORTED_VERSION",
  4009: "CONFLICT",
  4010: "NOT_FOUND",
  4011: "POSITION_LOST",
  4012: "SLOW_CONSUMER",
  4013: "CONNECTION_LIMIT",
  4014: "UPLOAD_FAILED",
  4015: "QUOTA_EXCEEDED",
  4016: "SESSION_REPLACED",
  4017: "HEARTBEAT_TIMEOUT",
  4018: "INTERNAL",
} as const;

/** What the client itself has to say; the code of these is 0. */
export type OwnErrorName =
  | "ABANDONED"
  | "BAD_MESSAGE"
  | "CLOSED"
  | "CONNECTION_LOST"
  | "GAVE_UP"
  | "INVALID_ARGUMENT"
  | "OUTBOX_FULL"
  | "STORE_FAILED"
  | "TOKEN_UNAVAILABLE";

/** A name to branch on; a newer server may know more than these. */
export type GatewayErrorName =
  | (typeof GATEWAY_ERRORS)[keyof typeof GATEWAY_ERRORS]
  | OwnErrorName
  | (string & {});

/** One thing that is wrong with a command. */
export interface Violation {
  /** A JSON Pointer into the command. */
  readonly path: string;
  readonly rule?: string;
  readonly message: string;
}

/** What else is known of a failure. */
export interface GatewayErrorDetails {
  readonly temporary?: boolean | undefined;
  readonly fatal?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestType?: string | undefined;
  readonly commandId?: string | undefined;
  readonly channel?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly errors?: readonly Violation[] | undefined;
}

/** A failure of the gateway or of its client: a number, a name to branch on, and a text to read. */
export class GatewayError extends Error {
  /** 4001 to 4018, a WebSocket close code, or 0 if the client itself says it. */
  readonly code: number;
  override readonly name: GatewayErrorName;
  /** Whether the same may succeed later, unchanged. */
  readonly temporary: boolean;
  /** Whether the connection ends with it. */
  readonly fatal: boolean;
  /** When it may succeed, if waiting helps. */
  readonly retryAfterMs: number | undefined;
  /** The type of the command that failed. */
  readonly requestType: string | undefined;
  /** The id of the command that failed. */
  readonly commandId: string | undefined;
  /** The channel it concerns, as `type:id`. */
  readonly channel: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** What is wrong with the command, if its form is. */
  readonly errors: readonly Violation[];

  constructor(code: number, name: GatewayErrorName, text: string, more: GatewayErrorDetails = {}) {
    super(text);
    this.code = code;
    this.name = name;
    this.temporary = more.temporary ?? false;
    this.fatal = more.fatal ?? false;
    this.retryAfterMs = more.retryAfterMs;
    this.requestType = more.requestType;
    this.commandId = more.commandId;
    this.channel = more.channel;
    this.details = more.details ?? {};
    this.errors = more.errors ?? [];
  }
}

/** The name of a number, as far as it is one of the table. */
export function errorName(code: number): GatewayErrorName | undefined {
  return (GATEWAY_ERRORS as Readonly<Record<number, GatewayErrorName>>)[code];
}

/** Says that an argument or option is wrong. */
export function invalid(name: string, value: string, expected: string): GatewayError {
  return new GatewayError(0, "INVALID_ARGUMENT", `${name}: ${value} (expected: ${expected})`);
}
