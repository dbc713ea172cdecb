import type { ClientEvents } from "./api.js";
import type { Clock } from "./clock.js";
import { MyelinError } from "./errors.js";
import type { Flow } from "./flow.js";
import type { Link } from "./link.js";
import type { Outbox, Pending } from "./outbox.js";
import type { Recalls } from "./recalls.js";
import type { Sender } from "./sender.js";
import type { StreamStatus, Verdict } from "./types.js";
import type { ServerMessage } from "./wire/messages.js";

/** What a receiver works on. */
export interface Parts {
  readonly outbox: Outbox;
  readonly recalls: Recalls;
  readonly link: Link;
  readonly sender: Sender;
  readonly flow: Flow;
  readonly clock: Clock;
}

/** Whom a receiver tells. */
export interface Teller {
  tell<K extends keyof ClientEvents>(type: K, detail: ClientEvents[K]): void;
  /** The server ended the session. */
  closed(): void;
  /** The client cannot go on. */
  over(reason: MyelinError): void;
}

/** Takes what the server says on a ready connection to whom it concerns. */
export class Receiver {
  readonly #parts: Parts;
  readonly #teller: Teller;

  constructor(parts: Parts, teller: Teller) {
    this.#parts = parts;
    this.#teller = teller;
  }

  receive(message: ServerMessage): void {
    switch (message.type) {
      case "accepted": {
        const { sequence, memoryId, committedAt, replaced } = message;
        this.#settle({ status: "accepted", sequence, memoryId, committedAt, replaced });
        break;
      }
      case "rejected":
        this.#easeOff(message.verdict.code, message.verdict.retryAfterMs);
        this.#settle(message.verdict);
        break;
      case "ack_batch":
        this.#settleRange(message);
        break;
      case "indexed":
        this.#teller.tell("indexed", { sequence: message.sequence, memoryId: message.memoryId });
        break;
      case "status":
        this.#status(message.status);
        break;
      case "recall_result":
        this.#parts.recalls.received(message.requestId, message.batch);
        break;
      case "heartbeat":
        this.#teller.tell("heartbeat", undefined);
        break;
      case "error":
        this.#error(message);
        break;
      case "init_ack":
      case "unknown":
        break;
    }
    this.#parts.sender.pump();
  }

  #settle(verdict: Verdict): void {
    if (this.#parts.outbox.settle(verdict)) this.#teller.tell("verdict", verdict);
  }

  #settleRange(batch: Extract<ServerMessage, { type: "ack_batch" }>): void {
    const rejected = new Map(batch.rejected.map((one) => [one.sequence, one]));
    const { committedAt } = batch;
    for (let sequence = batch.from; sequence <= batch.to; sequence++) {
      const entry = this.#parts.outbox.find(sequence);
      if (entry === undefined) continue;
      const refused = rejected.get(sequence);
      if (refused !== undefined) this.#easeOff(refused.code, refused.retryAfterMs);
      const memoryId = entry.episode.id;
      this.#settle(
        refused ?? { status: "accepted", sequence, memoryId, committedAt, replaced: undefined },
      );
    }
  }

  #easeOff(code: string, retryAfterMs: number | undefined): void {
    if (code !== "overloaded" && retryAfterMs === undefined) return;
    this.#parts.sender.pacer.slowDown(this.#parts.clock.now(), retryAfterMs ?? 0);
  }

  #status(status: StreamStatus): void {
    const { sender, clock, flow } = this.#parts;
    switch (status.state) {
      case "BACKPRESSURE":
      case "OVERLOADED":
        sender.pacer.slowDown(clock.now(), status.retryAfterMs ?? 0);
        break;
      case "ACTIVE":
        sender.pacer.speedUp(clock.now());
        flow.confirmed(false);
        break;
      case "PAUSED":
        flow.confirmed(true);
        break;
      case "CLOSED":
        this.#teller.closed();
        break;
      case "ERROR":
        break;
    }
    this.#teller.tell("status", status);
  }

  #error(message: Extract<ServerMessage, { type: "error" }>): void {
    const { outbox, recalls } = this.#parts;
    const { code, text, sequence, requestId } = message;
    const reason = new MyelinError(code, text, sequence);
    if (code === "session_taken_over") {
      this.#teller.over(reason);
      return;
    }
    const entry = sequence === undefined ? undefined : outbox.find(sequence);
    if (entry?.sent === true && !entry.done) {
      this.#notTaken(entry, reason);
      return;
    }
    // What a shutdown leaves unanswered is asked again on the next connection.
    const concernsRecall = sequence === undefined && code !== "shutting_down";
    if (!concernsRecall || !recalls.refused(requestId, reason)) this.#teller.tell("error", reason);
  }

  /** An observation in flight did not use up its number: the two sides are out of step. */
  #notTaken(entry: Pending, reason: MyelinError): void {
    if (reason.code === "sequence_duplicate") {
      const { sequence, episode } = entry;
      this.#settle({ status: "settled", sequence, memoryId: episode.id });
      return;
    }
    if (!reason.isTemporary && !RIGHT_NEXT_TIME.has(reason.code)) this.#parts.outbox.withdraw(entry, reason);
    this.#parts.link.reconnect(reason.code);
  }
}

/** Errors after which the same observation may be taken on a new connection. */
const RIGHT_NEXT_TIME: ReadonlySet<string> = new Set([
  "sequence_gap",
  "wrong_state",
  "session_mismatch",
  "session_expired",
  "internal",
]);
