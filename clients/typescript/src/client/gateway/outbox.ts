import type { Clock } from "../clock.js";
import { deferred, quiet, type Deferred } from "../deferred.js";
import { errorOf, isError, type Envelope, type Json } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { uuid7 } from "./ids.js";
import { Pace } from "./pace.js";
import type { Saved, SavedCommand } from "./saved.js";
import { Timer } from "./timer.js";

/**
 * What becomes of a command when the connection breaks: `kept` ones go again, also after a reload; `again` ones
 * only while the client lives; `once` ones fail.
 */
export type Fate = "kept" | "again" | "once";

export interface NewCommand {
  readonly id?: string | undefined;
  readonly type: string;
  readonly channel?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly payload: Json;
  readonly fate: Fate;
}

export interface OutboxLimits {
  /** Commands without a reply. */
  readonly maxCommands: number;
  /** Characters of their JSON, all together. */
  readonly maxBytes: number;
}

/** What became of a command that is kept; perhaps an earlier page sent it. */
export interface SettledCommand {
  readonly command: SavedCommand;
  readonly reply?: Envelope;
  readonly error?: GatewayError;
}

/** How often a command that came too fast is sent in all. */
const MAX_TRIES = 4;

interface Entry extends SavedCommand {
  readonly fate: Fate;
  readonly size: number;
  /** Who waits; undefined if nobody does any more. */
  reply: Deferred<Envelope> | undefined;
  sent: boolean;
  tries: number;
  heldUntil: number;
}

/**
 * Commands without a reply, in order. A new connection gets them again with the same ids, by which the server
 * knows a repetition: each is done once. One that came too fast waits as long as the server asks, and later
 * ones of its channel behind it.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #saved: Saved;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #timer: Timer;
  readonly #settled: (settled: SettledCommand) => void;
  #send: ((envelope: Json) => void) | undefined;
  #maxInFlight = 32;
  #size = 0;
  #paused = false;
  #writing = false;
  #empty: Deferred<void> | undefined;

  constructor(limits: OutboxLimits, saved: Saved, clock: Clock, settled: (settled: SettledCommand) => void) {
    this.#limits = limits;
    this.#saved = saved;
    this.#clock = clock;
    this.#timer = new Timer(clock);
    this.#settled = settled;
    for (const command of saved.commands()) this.#put(command, "kept", undefined);
  }

  /** Commands without a reply. */
  get size(): number {
    return this.#entries.size;
  }

  /** Completes when every command has its reply. */
  empty(): Promise<void> {
    if (this.#entries.size === 0) return Promise.resolve();
    return (this.#empty ??= deferred<void>()).promise;
  }

  /** @throws GatewayError `OUTBOX_FULL` if too many, or too large ones, wait */
  add({ id, type, channel, correlationId, payload, fate }: NewCommand): Promise<Envelope> {
    const command = { id: id ?? uuid7(), type, channel, correlationId, payload };
    const known = this.#entries.get(command.id);
    if (known?.reply !== undefined) return known.reply.promise;
    const { maxCommands, maxBytes } = this.#limits;
    const size = JSON.stringify(payload).length;
    if (this.#entries.size >= maxCommands || this.#size + size > maxBytes) {
      const most = `at most: ${maxCommands}, ${maxBytes} bytes`;
      const told = `${this.#entries.size} commands wait for their reply (${most}).`;
      throw new GatewayError(0, "OUTBOX_FULL", told, { temporary: true, requestType: type });
    }
    const reply = deferred<Envelope>();
    this.#put(command, fate, reply);
    if (fate === "kept") this.#write();
    this.#pump();
    return quiet(reply.promise);
  }

  /** A connection is ready: everything goes again. */
  open(send: (envelope: Json) => void, maxInFlight: number | undefined): void {
    this.#send = send;
    this.#paused = false;
    this.#maxInFlight = maxInFlight ?? this.#maxInFlight;
    for (const entry of this.#entries.values()) entry.sent = false;
    this.#pump();
  }

  /** The connection is gone. */
  shut(): void {
    this.#send = undefined;
    this.#timer.stop();
    for (const entry of [...this.#entries.values()]) {
      if (entry.fate === "once") this.#settle(entry, undefined, lost(entry.type));
    }
  }

  /** Holds everything but what a connection needs back, until the token is a good one again. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.#pump();
  }

  /** Takes a reply; false if nobody waits for it. */
  replied(envelope: Envelope): boolean {
    const entry = this.#entries.get(envelope.reply_to ?? "");
    if (entry === undefined) return false;
    const error = isError(envelope) ? errorOf(envelope) : undefined;
    if (error === undefined || !this.#postpone(entry, error)) this.#settle(entry, envelope, error);
    this.#pump();
    return true;
  }

  /**
   * Somebody else is logged in: what was said before must not be said in his name.
   *
   * @param all whether what this client was given goes too, or only what an earlier page left behind
   */
  abandon(all: boolean): void {
    for (const entry of [...this.#entries.values()]) {
      if (all || entry.reply === undefined) this.#settle(entry, undefined, abandoned(entry.type));
    }
    this.#write();
  }

  /** What is in the store is the copy of another tab's, which sends it. */
  leaveToOther(): void {
    for (const entry of [...this.#entries.values()]) if (entry.reply === undefined) this.#remove(entry);
    this.#write();
  }

  /** Nobody sends any more. What is kept stays kept, for the next page. */
  fail(reason: GatewayError): void {
    this.#timer.stop();
    for (const entry of [...this.#entries.values()]) {
      entry.reply?.reject(reason);
      entry.reply = undefined;
      if (entry.fate !== "kept") this.#remove(entry);
    }
    this.#writeNow();
  }

  /** Writes what is not written yet. */
  flush(): void {
    if (this.#writing) this.#writeNow();
  }

  #put(command: SavedCommand, fate: Fate, reply: Deferred<Envelope> | undefined): void {
    const size = JSON.stringify(command.payload).length;
    this.#size += size;
    this.#entries.set(command.id, { ...command, fate, size, reply, sent: false, tries: 0, heldUntil: 0 });
  }

  /** Whether the command goes again later instead of failing. */
  #postpone(entry: Entry, { code, retryAfterMs }: GatewayError): boolean {
    if (entry.fate === "once") return false;
    if (code === 4004 && retryAfterMs !== undefined && entry.tries < MAX_TRIES) {
      const jitter = new Pace(this.#clock, 500, 500).next(retryAfterMs);
      entry.heldUntil = this.#clock.now() + jitter;
    } else if (code === 4002) {
      this.#paused = true;
    } else {
      return false;
    }
    entry.sent = false;
    return true;
  }

  #pump(): void {
    const send = this.#send;
    if (send === undefined) return;
    const now = this.#clock.now();
    const behind = new Set<string>();
    let inFlight = 0;
    let wakeAt = Infinity;
    for (const entry of this.#entries.values()) if (entry.sent) inFlight++;
    for (const entry of [...this.#entries.values()]) {
      if (entry.sent) continue;
      const once = entry.fate === "once";
      const channel = entry.channel ?? "";
      if (entry.heldUntil > now) wakeAt = Math.min(wakeAt, entry.heldUntil);
      if (!once && (this.#paused || inFlight >= this.#maxInFlight || behind.has(channel))) continue;
      if (entry.heldUntil > now) {
        behind.add(channel);
        continue;
      }
      entry.sent = true;
      entry.tries++;
      inFlight++;
      send(written(entry));
    }
    this.#timer.stop();
    if (wakeAt < Infinity) this.#timer.set(wakeAt - now, () => this.#pump());
  }

  #settle(entry: Entry, reply: Envelope | undefined, error: GatewayError | undefined): void {
    this.#remove(entry);
    if (error !== undefined) entry.reply?.reject(error);
    else if (reply !== undefined) entry.reply?.resolve(reply);
    if (entry.fate !== "kept") return;
    this.#write();
    this.#settled({
      command: saved(entry),
      ...(reply !== undefined && error === undefined && { reply }),
      ...(error !== undefined && { error }),
    });
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.id);
    this.#size -= entry.size;
    if (this.#entries.size > 0) return;
    this.#empty?.resolve();
    this.#empty = undefined;
  }

  /** Many commands of one moment are one write. */
  #write(): void {
    if (this.#writing) return;
    this.#writing = true;
    queueMicrotask(() => this.flush());
  }

  #writeNow(): void {
    this.#writing = false;
    const kept = [...this.#entries.values()].filter(({ fate }) => fate === "kept");
    this.#saved.writeCommands(kept.map(saved));
  }
}

function saved({ id, type, channel, correlationId, payload }: SavedCommand): SavedCommand {
  return { id, type, channel, correlationId, payload };
}

function written({ id, type, channel, correlationId, payload }: SavedCommand): Json {
  return { id, type, channel, correlation_id: correlationId, timestamp: new Date().toISOString(), payload };
}

function lost(type: string): GatewayError {
  const text = `The connection broke before ${type} was answered.`;
  return new GatewayError(0, "CONNECTION_LOST", text, { temporary: true, requestType: type });
}

function abandoned(type: string): GatewayError {
  const text = `${type} was not sent: the user is another one now.`;
  return new GatewayError(0, "ABANDONED", text, { requestType: type });
}
