export class MyelinError extends Error {
    name = "MyelinError";
    code;
    sequence;
    status;
    requestId;
    field;
    retryAfterMs;
    oldestOffset;
    constructor(code, text, sequence, details = {}) {
        super(text);
        this.code = code;
        this.sequence = sequence;
        this.status = details.status;
        this.requestId = details.requestId;
        this.field = details.field;
        this.retryAfterMs = details.retryAfterMs;
        this.oldestOffset = details.oldestOffset;
    }
    get isTemporary() {
        return TEMPORARY.has(this.code);
    }
}
const TEMPORARY = new Set([
    "overloaded",
    "shutting_down",
    "storage_unavailable",
    "too_many_connections",
    "too_many_spaces",
    "outcome_unknown",
    "outbox_full",
    "too_many_recalls",
    "connection_lost",
]);
