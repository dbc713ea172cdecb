export class MyelinError extends Error {
    name = "MyelinError";
    code;
    sequence;
    constructor(code, text, sequence) {
        super(text);
        this.code = code;
        this.sequence = sequence;
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
