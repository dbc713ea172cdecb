/** What else is known of a failure. */
export interface ErrorDetails {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly field?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly oldestOffset?: number | undefined;
}

/**
 * A failure with a code to branch on and a text to read.
 *
 * Codes of the server are those of its error table (`sequence_gap`, `overloaded`, ...); these are the
 * client's own: `closed`, `outbox_full`, `too_many_recalls`, `connection_lost`, `gave_up`, `bad_message`,
 * `invalid_argument`, `aborted`, `timeout`.
 */
export class MyelinError extends Error {
  override readonly name = "MyelinError";
  readonly code: string;
  /** The observation it concerns, if it concerns one. */
  readonly sequence: number | undefined;
  /** The status of an answer over HTTP; undefined if there was none. */
  readonly status: number | undefined;
  /** Of the request that failed, to look for in the server's log or to tell its operator. */
  readonly requestId: string | undefined;
  /** The path of the member that is wrong, such as `documents[3].title`. */
  readonly field: string | undefined;
  /** When the same request may succeed, if waiting helps. */
  readonly retryAfterMs: number | undefined;
  /** With `gone`: the oldest cursor that is kept. */
  readonly oldestOffset: number | undefined;

  constructor(code: string, text: string, sequence?: number, details: ErrorDetails = {}) {
    super(text);
    this.code = code;
    this.sequence = sequence;
    this.status = details.status;
    this.requestId = details.requestId;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
    this.oldestOffset = details.oldestOffset;
  }

  /** Whether the same request may succeed later, unchanged. */
  get isTemporary(): boolean {
    return TEMPORARY.has(this.code);
  }
}

const TEMPORARY: ReadonlySet<string> = new Set([
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
