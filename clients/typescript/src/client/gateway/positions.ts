import type { Clock } from "../clock.js";
import type { Envelope } from "./envelope.js";
import type { Position, Saved } from "./saved.js";
import { Timer } from "./timer.js";

/** Positions change with every event; so often are they written. */
const WRITE_EVERY_MS = 250;

/** The server reads no more of them at a time. */
const MAX_TOLD = 1_000;

/** What an event of a channel is, seen from what came before it. */
export type Verdict = "next" | "repeat" | "gap";

/**
 * Up to where each channel was seen. An event at or below is a repetition; one that does not follow the last
 * is behind a gap, and is not taken before the gap is closed. The positions outlive the page.
 */
export class Positions {
  readonly #saved: Saved;
  readonly #timer: Timer;
  readonly #positions: Map<string, Position>;
  /** The logs of channels whose first event is still to come, wherever it stands. */
  readonly #begun = new Map<string, string>();

  constructor(saved: Saved, clock: Clock) {
    this.#saved = saved;
    this.#timer = new Timer(clock);
    this.#positions = new Map(saved.positions);
    saved.positions = this.#positions;
  }

  get(channel: string): Position | undefined {
    return this.#positions.get(channel);
  }

  set(channel: string, position: Position): void {
    this.#positions.set(channel, position);
    this.#changed();
  }

  /** Whatever comes next on this log is the first. */
  begin(channel: string, epoch: string): void {
    this.remove(channel);
    this.#begun.set(channel, epoch);
  }

  remove(channel: string): void {
    this.#begun.delete(channel);
    if (this.#positions.delete(channel)) this.#changed();
  }

  clear(): void {
    this.#begun.clear();
    this.#positions.clear();
    this.#changed();
  }

  names(): string[] {
    return [...this.#positions.keys()];
  }

  /** As the server wants them on resume and with heartbeats. */
  list(): { channel: string; epoch: string; offset: number }[] {
    const all = Array.from(this.#positions, ([channel, position]) => ({ channel, ...position }));
    return all.filter(({ epoch }) => epoch !== "").slice(0, MAX_TOLD);
  }

  /**
   * Looks at a durable event and takes it as seen if it is the next one.
   *
   * @param dense whether every event of the channel is told, so that a missing number is a missing event
   */
  take(channel: string, { offset = 0, previous_offset, epoch }: Envelope, dense: boolean): Verdict {
    const last = this.#positions.get(channel);
    if (last === undefined) {
      this.set(channel, { epoch: epoch ?? this.#begun.get(channel) ?? "", offset });
      this.#begun.delete(channel);
      return "next";
    }
    if (epoch !== undefined && last.epoch !== "" && epoch !== last.epoch) return "gap";
    if (offset <= last.offset) return "repeat";
    if (dense && (previous_offset ?? offset - 1) > last.offset) return "gap";
    this.set(channel, { epoch: last.epoch === "" ? (epoch ?? "") : last.epoch, offset });
    return "next";
  }

  /** Writes what is not written yet: nobody knows whether the page comes back. */
  flush(): void {
    if (!this.#timer.isSet) return;
    this.#timer.stop();
    this.#saved.write();
  }

  #changed(): void {
    if (!this.#timer.isSet) this.#timer.set(WRITE_EVERY_MS, () => this.#saved.write());
  }
}
