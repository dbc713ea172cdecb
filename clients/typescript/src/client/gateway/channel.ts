import { quiet } from "../deferred.js";
import { Emitter } from "../events.js";
import { isObject, list, number, text, type Envelope, type Json } from "./envelope.js";
import type { GatewayError } from "./errors.js";
import { eventOf, type GatewayEvent, type PayloadOf, type ServerEvents } from "./events.js";
import type { ChannelSubscribed, PresenceStatus } from "./payloads.js";
import { Roster, type PresenceChange } from "./roster.js";
import type { Position } from "./saved.js";
import type { SubscribeOptions } from "./subscriptions.js";

/** Why a channel is not subscribed any more. */
export interface Unsubscribed {
  /** `client`, `permission_revoked`, `deleted`, ..., or `refused` with the error. */
  readonly reason: string;
  readonly error: GatewayError | undefined;
}

/** What a channel tells; of the server's events only those of this channel. */
export type ChannelEvents = {
  readonly event: GatewayEvent;
  /** After each subscription and each break: whether something was missed that does not come any more. */
  readonly subscribed: ChannelSubscribed;
  readonly unsubscribed: Unsubscribed;
  readonly presence: PresenceChange;
} & ServerEvents;

export interface CommandOptions {
  /** By this id the server knows a repetition. Made by the client if left out. */
  readonly id?: string;
  /** Ties what belongs to one turn together, also in the server's log. */
  readonly correlationId?: string;
}

/** What became of a published event. It is durable. */
export interface PublishedEvent {
  readonly eventId: string | undefined;
  readonly epoch: string | undefined;
  readonly offset: number | undefined;
  /** Whether an earlier attempt had published it already. */
  readonly duplicate: boolean;
}

export interface HistoryQuery {
  /** Events with greater offsets, the oldest first. */
  readonly after?: number;
  /** Events with smaller offsets, the newest of them. */
  readonly before?: number;
  /** 1 to 200. */
  readonly limit?: number;
}

export interface HistoryPage {
  readonly events: readonly GatewayEvent[];
  readonly hasMore: boolean;
  readonly epoch: string | undefined;
}

/** What a channel needs of its client. */
export interface ChannelHost {
  subscribe(channel: GatewayChannel, options: SubscribeOptions): Promise<ChannelSubscribed>;
  unsubscribe(channel: string): Promise<void>;
  isSubscribed(channel: string): boolean;
  positionOf(channel: string): Position | undefined;
  command(type: string, channel: string, payload: Json, options: CommandOptions, kept: boolean): Promise<Envelope>;
}

/** One channel of a gateway: its events, its members, its past. */
export class GatewayChannel extends Emitter<ChannelEvents> {
  /** `type:id` */
  readonly name: string;
  readonly #host: ChannelHost;
  readonly #roster = new Roster();
  #own: Json | undefined;
  #asking = false;

  /** Made by `GatewayClient.channel`. */
  constructor(name: string, host: ChannelHost) {
    super();
    this.name = name;
    this.#host = host;
  }

  /** Who is here, as far as `subscribe({ presence })` asked for it. */
  get roster(): Roster {
    return this.#roster;
  }

  get isSubscribed(): boolean {
    return this.#host.isSubscribed(this.name);
  }

  /** Up to where it was seen. */
  get position(): Position | undefined {
    return this.#host.positionOf(this.name);
  }

  /**
   * Listens to the channel over all connections to come, from where it was seen last. Completes when the server has
   * said yes, and need not be waited for.
   *
   * @throws GatewayError `CHANNEL_NOT_FOUND`, also for one that may not be read
   */
  subscribe(options: SubscribeOptions = {}): Promise<ChannelSubscribed> {
    return this.#host.subscribe(this, options);
  }

  /** Stops listening, and forgets the position. */
  unsubscribe(): Promise<void> {
    this.#own = undefined;
    this.#roster.clear();
    return quiet(this.#host.unsubscribe(this.name));
  }

  /** Publishes a durable event. Goes again after a break or a reload, and is published once. */
  publish<T extends string>(type: T, payload: PayloadOf<T>, options: CommandOptions = {}): Promise<PublishedEvent> {
    const body = { channel: this.name, type, payload };
    return quiet(this.#host.command("channel.publish", this.name, body, options, true).then(published));
  }

  /** Events of the past; does not change the position. */
  async history(query: HistoryQuery = {}): Promise<HistoryPage> {
    const body = { channel: this.name, ...query };
    const { payload } = await this.#host.command("channel.history", this.name, body, {}, false);
    const events = list(payload["events"]).filter(isObject) as unknown as Envelope[];
    return {
      events: events.map((event) => eventOf({ ...event, channel: event.channel ?? this.name })),
      hasMore: payload["has_more"] === true,
      epoch: text(payload["epoch"]),
    };
  }

  /** Tells the others how one is and what one does; goes again when a session begins anew. */
  setPresence(own: { readonly status?: PresenceStatus; readonly activity?: object | string | null }): Promise<void> {
    this.#own = own;
    return quiet(this.#tellPresence());
  }

  /** For the client: an event of this channel. */
  tell(event: GatewayEvent): void {
    this.emit(event.type as `${string}.${string}`, event);
    this.emit("event", event);
  }

  /** For the client: the channel is subscribed, on a session that knows this page or does not. */
  tellSubscribed(state: ChannelSubscribed, resumed: boolean): void {
    if (!resumed && this.#own !== undefined) void quiet(this.#tellPresence());
    this.emit("subscribed", state);
  }

  /** For the client: the channel is not subscribed any more. */
  tellUnsubscribed(reason: string, error: GatewayError | undefined): void {
    this.#own = undefined;
    this.#roster.clear();
    this.emit("unsubscribed", { reason, error });
  }

  /** For the client: a `channel.presence`. */
  tellPresence(envelope: Envelope): void {
    const change = this.#roster.apply(envelope);
    if (change === "gap") void this.#askPresence();
    else if (change !== "repeat") this.emit("presence", change);
  }

  async #tellPresence(): Promise<void> {
    const body = { channel: this.name, ...this.#own };
    await this.#host.command("channel.presence", this.name, body, {}, false);
  }

  /** The answer comes as any other presence does. */
  async #askPresence(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#host.command("channel.presence", this.name, { channel: this.name, get: true }, {}, false);
    } catch {
      // A later difference asks again.
    } finally {
      this.#asking = false;
    }
  }
}

function published({ payload }: Envelope): PublishedEvent {
  const result = isObject(payload["result"]) ? payload["result"] : {};
  return {
    eventId: text(result["event_id"]),
    epoch: text(result["epoch"]),
    offset: number(result["offset"]),
    duplicate: payload["duplicate"] === true || payload["status"] === "duplicate",
  };
}
