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
};
export class GatewayError extends Error {
    code;
    name;
    temporary;
    fatal;
    retryAfterMs;
    requestType;
    commandId;
    channel;
    details;
    errors;
    constructor(code, name, text, more = {}) {
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
export function errorName(code) {
    return GATEWAY_ERRORS[code];
}
export function invalid(name, value, expected) {
    return new GatewayError(0, "INVALID_ARGUMENT", `${name}: ${value} (expected: ${expected})`);
}
