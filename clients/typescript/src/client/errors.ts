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

  constructor(code: string, text: string, sequence?: number) {
    super(text);
    this.code = code;
    this.sequence = sequence;
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
