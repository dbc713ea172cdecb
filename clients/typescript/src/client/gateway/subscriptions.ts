import type { Clock } from "../clock.js";
import { deferred, quiet, type Deferred } from "../deferred.js";
import { channelName, isOwn, type Envelope, type Json } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { Pace } from "./pace.js";
import type { ChannelSubscribed } from "./payloads.js";
import type { Positions } from "./positions.js";
import { Timer } from "./timer.js";

export interface SubscribeOptions {
  /** The last so many events first, if no position is known. 0 to 100. */
  readonly rewind?: number;
  /** Who is there: nothing, a number, or everybody. Default `none`. */
  readonly presence?: "none" | "count" | "full";
  /** Only events of these types. */
  readonly types?: readonly string[];
}

export interface SubscriptionUser {
  /** Sends `channel.subscribe`; completes with its `ack`. */
  ask(channels: readonly Json[]): Promise<Envelope>;
  subscribed(channel: string, state: ChannelSubscribed): void;
  /** The server refused a channel. */
  refused(channel: string, error: GatewayError, awaited: boolean): void;
}

interface Subscription {
  readonly channel: string;
  readonly options: SubscribeOptions;
  /** `wanted` until asked for, `asked` until the server answers. */
  state: "wanted" | "asked" | "on";
  /** The number of the last command that asked for it; an earlier one's end means nothing. */
  asked: number;
  /** Gaps since the last event that followed: a server with a hole is not asked in a circle. */
  gaps: number;
  waiting: Deferred<ChannelSubscribed> | undefined;
}

/** The server takes so many in one command. */
const MAX_BATCH = 50;

/** The channels that are wanted, over all connections: each new one asks for them from where they were. */
export class Subscriptions {
  readonly #positions: Positions;
  readonly #user: SubscriptionUser;
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #wanted = new Map<string, Subscription>();
  #open = false;
  #asking = false;
  #commands = 0;

  constructor(positions: Positions, clock: Clock, user: SubscriptionUser) {
    this.#positions = positions;
    this.#user = user;
    this.#clock = clock;
    this.#timer = new Timer(clock);
  }

  has(channel: string): boolean {
    return this.#wanted.has(channel);
  }

  isOn(channel: string): boolean {
    return this.#wanted.get(channel)?.state === "on";
  }

  /** Whether every event of the channel is told. */
  isDense(channel: string): boolean {
    return this.#wanted.get(channel)?.options.types === undefined;
  }

  /** Completes when the server has said yes; the next connections ask again by themselves. */
  want(channel: string, options: SubscribeOptions): Promise<ChannelSubscribed> {
    const known = this.#wanted.get(channel);
    const waiting = known?.waiting ?? deferred<ChannelSubscribed>();
    this.#wanted.set(channel, { channel, options, state: "wanted", asked: 0, gaps: 0, waiting });
    this.#soon();
    return quiet(waiting.promise);
  }

  /** True if it was wanted. */
  drop(channel: string, reason: GatewayError): boolean {
    this.#wanted.get(channel)?.waiting?.reject(reason);
    return this.#wanted.delete(channel);
  }

  /** A connection is ready; these channels came with it. */
  open(resumed: readonly ChannelSubscribed[]): void {
    this.#open = true;
    this.#asking = false;
    for (const one of this.#wanted.values()) one.state = "wanted";
    for (const state of resumed) this.subscribed(state);
    this.#ask();
  }

  shut(): void {
    this.#open = false;
    this.#timer.stop();
  }

  /** Nobody subscribes any more until the next connection. */
  fail(reason: GatewayError): void {
    this.shut();
    for (const one of this.#wanted.values()) {
      one.waiting?.reject(reason);
      one.waiting = undefined;
    }
  }

  /** Takes a `channel.subscribed` over. */
  subscribed(state: ChannelSubscribed): void {
    const channel = channelName(state.channel);
    if (channel === undefined) return;
    const one = this.#wanted.get(channel);
    if (one === undefined) {
      this.#unasked(channel, state);
      return;
    }
    this.#reposition(channel, state);
    one.state = "on";
    this.#user.subscribed(channel, state);
    one.waiting?.resolve(state);
    one.waiting = undefined;
  }

  /** An error that speaks of a channel; false if it is not about subscribing. */
  refused(error: GatewayError): boolean {
    if (error.requestType !== undefined && error.requestType !== "channel.subscribe") return false;
    const one = this.#wanted.get(error.channel ?? "");
    if (one === undefined || one.state !== "asked") return false;
    this.#refuse(one, error);
    return true;
  }

  /** The server took a channel away and offers it anew. */
  again(channel: string): void {
    const one = this.#wanted.get(channel);
    if (one === undefined) return;
    one.state = "wanted";
    this.#soon();
  }

  /** An event came that followed. */
  followed(channel: string): void {
    const one = this.#wanted.get(channel);
    if (one !== undefined) one.gaps = 0;
  }

  /** An event came before which some are missing: asks for them, from where we are. */
  mend(channel: string): void {
    const one = this.#wanted.get(channel);
    if (one === undefined || one.state !== "on") return;
    one.state = "wanted";
    const wait = one.gaps === 0 ? 0 : new Pace(this.#clock, 500 * 2 ** Math.min(one.gaps, 6), 20_000).next();
    one.gaps++;
    if (wait === 0) this.#ask();
    else this.#later(wait);
  }

  /**
   * One's own channel, or one of a session that an earlier page had: where it was is still needed, to ask for what
   * came since.
   */
  #unasked(channel: string, state: ChannelSubscribed): void {
    if (!isOwn(channel)) return;
    if ((this.#positions.get(channel)?.epoch ?? "") === "") this.#reposition(channel, state);
    this.#user.subscribed(channel, state);
  }

  /** What was missed follows, or it is lost and the snapshot says what is now. */
  #reposition(channel: string, { epoch, offset, recovery, replay_count }: ChannelSubscribed): void {
    const last = this.#positions.get(channel);
    if (replay_count === 0) this.#positions.set(channel, { epoch, offset });
    else if (recovery !== "replay" || last?.epoch !== epoch) this.#positions.begin(channel, epoch);
  }

  /** Channels of one moment are one command. */
  #soon(): void {
    if (this.#asking) return;
    this.#asking = true;
    queueMicrotask(() => {
      this.#asking = false;
      this.#ask();
    });
  }

  #later(milliseconds: number): void {
    if (!this.#timer.isSet) this.#timer.set(milliseconds, () => this.#ask());
  }

  #ask(): void {
    if (!this.#open) return;
    const wanted = [...this.#wanted.values()].filter(({ state }) => state === "wanted");
    for (let i = 0; i < wanted.length; i += MAX_BATCH) void this.#askFor(wanted.slice(i, i + MAX_BATCH));
  }

  async #askFor(asked: readonly Subscription[]): Promise<void> {
    const command = ++this.#commands;
    for (const one of asked) {
      one.state = "asked";
      one.asked = command;
    }
    let failure: GatewayError | undefined;
    try {
      await this.#user.ask(asked.map((one) => this.#written(one)));
    } catch (error) {
      failure = error as GatewayError;
    }
    for (const one of asked) {
      if (one.state !== "asked" || one.asked !== command || this.#wanted.get(one.channel) !== one) continue;
      if (failure?.name === "CONNECTION_LOST") one.state = "wanted";
      else this.#refuse(one, failure ?? unanswered(one.channel));
    }
  }

  #refuse(one: Subscription, error: GatewayError): void {
    if (error.code === 4004 || error.code === 4002) {
      one.state = "wanted";
      this.#later(new Pace(this.#clock, 1_000, 1_000).next(error.retryAfterMs));
      return;
    }
    this.#wanted.delete(one.channel);
    this.#positions.remove(one.channel);
    one.waiting?.reject(error);
    this.#user.refused(one.channel, error, one.waiting !== undefined);
  }

  #written({ channel, options }: Subscription): Json {
    const colon = channel.indexOf(":");
    const address = colon < 0 ? { type: channel } : { type: channel.slice(0, colon), id: channel.slice(colon + 1) };
    const position = this.#positions.get(channel);
    return {
      ...address,
      ...(position === undefined || position.epoch === "" ? { rewind: options.rewind } : position),
      presence: options.presence,
      ...(options.types && { filter: { types: options.types } }),
    };
  }
}

function unanswered(channel: string): GatewayError {
  const text = `The server said nothing of ${channel}.`;
  return new GatewayError(4018, "INTERNAL", text, { temporary: true, channel });
}
