import type { GatewayChannel } from "./channel.js";
import { channelName, errorOf, isError, isOwn, text, type Envelope, type Json } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { eventOf, type GatewayEvent } from "./events.js";
import type { Fragments } from "./fragments.js";
import type { Link } from "./link.js";
import type { Outbox } from "./outbox.js";
import type { ChannelSubscribed } from "./payloads.js";
import type { Positions } from "./positions.js";
import type { TokenRefresh } from "./refresh.js";
import type { Subscriptions } from "./subscriptions.js";

/** What the messages of the server go to. */
export interface Parts {
  readonly link: Link;
  readonly outbox: Outbox;
  readonly positions: Positions;
  readonly subscriptions: Subscriptions;
  readonly fragments: Fragments;
  readonly refresh: TokenRefresh;
  readonly channels: ReadonlyMap<string, GatewayChannel>;
}

export interface ReceiverUser {
  tell(event: GatewayEvent): void;
  /** An error that no promise stands for. */
  failed(error: GatewayError): void;
}

/** Takes what the server says on a connection that is ready, and brings it where it belongs. */
export class Receiver {
  readonly #parts: Parts;
  readonly #user: ReceiverUser;

  constructor(parts: Parts, user: ReceiverUser) {
    this.#parts = parts;
    this.#user = user;
  }

  receive(envelope: Envelope): void {
    const { type, payload } = envelope;
    if (isError(envelope)) {
      this.#failed(envelope);
      return;
    }
    const answered = envelope.reply_to !== undefined && this.#parts.outbox.replied(envelope);
    if (answered && (type === "ack" || type === "channel.history")) return;
    const channel = channelName(envelope.channel ?? payload["channel"]) ?? "";
    switch (type) {
      case "connection.goaway":
        this.#parts.link.leaveAfter(Number(payload["after_ms"] ?? 0));
        break;
      case "connection.token_expiring":
        this.#parts.refresh.now();
        break;
      case "channel.subscribed":
        this.#parts.subscriptions.subscribed(payload as unknown as ChannelSubscribed);
        break;
      case "channel.unsubscribed":
        this.#unsubscribed(channel, payload);
        break;
      case "channel.presence":
        this.#parts.channels.get(channel)?.tellPresence(envelope);
        break;
      default:
        this.#take(envelope);
        return;
    }
    this.tell(envelope);
  }

  /** Tells what the server says to those who listen, first on its channel. */
  tell(envelope: Envelope): void {
    if (!envelope.type.includes(".")) return;
    const event = eventOf(envelope);
    if (event.channel !== undefined) this.#parts.channels.get(event.channel)?.tell(event);
    this.#user.tell(event);
  }

  /** An event: what is no repetition and has nothing missing before it is told. */
  #take(envelope: Envelope): void {
    const { positions, subscriptions, fragments } = this.#parts;
    const { channel, offset, ephemeral } = envelope;
    if (channel !== undefined && !isOwn(channel) && !subscriptions.has(channel)) return;
    if (channel !== undefined && offset !== undefined && ephemeral !== true) {
      const verdict = positions.take(channel, envelope, subscriptions.isDense(channel));
      if (verdict === "gap") this.#mend(channel);
      if (verdict !== "next") return;
      subscriptions.followed(channel);
    }
    const piece = fragments.apply(envelope);
    if (piece === "gap") this.#mend(channel ?? "");
    else if (piece !== undefined) this.tell(piece);
  }

  #mend(channel: string): void {
    const { subscriptions } = this.#parts;
    if (isOwn(channel) && !subscriptions.has(channel)) void subscriptions.want(channel, {});
    else subscriptions.mend(channel);
  }

  #failed(envelope: Envelope): void {
    const { refresh, subscriptions, outbox } = this.#parts;
    const error = errorOf(envelope);
    if (error.code === 4002) refresh.now();
    const refused = subscriptions.refused(error);
    if (!refused && !outbox.replied(envelope)) this.#user.failed(error);
  }

  #unsubscribed(channel: string, payload: Json): void {
    const { subscriptions, positions, channels } = this.#parts;
    const reason = text(payload["reason"]) ?? "unknown";
    if (payload["resubscribe"] === true) {
      subscriptions.again(channel);
      return;
    }
    if (reason === "client" && subscriptions.has(channel)) return; // wanted again meanwhile
    const left = new GatewayError(0, "CLOSED", `${channel} was unsubscribed: ${reason}.`, { channel });
    subscriptions.drop(channel, left);
    positions.remove(channel);
    channels.get(channel)?.tellUnsubscribed(reason, undefined);
  }
}
