import { deferred, quiet, type Deferred } from "../deferred.js";
import { Emitter } from "../events.js";
import { GatewayChannel, type CommandOptions } from "./channel.js";
import type { GatewayClose } from "./close.js";
import { Credentials, type Proof } from "./credentials.js";
import { channelName, isOwn, type Envelope, type Json } from "./envelope.js";
import { isVisible, watchEnvironment } from "./environment.js";
import { GatewayError, invalid } from "./errors.js";
import { eventOf, type GatewayEvent, type GatewayEvents } from "./events.js";
import { Fragments } from "./fragments.js";
import type { GatewaySession, GatewayState } from "./lifecycle.js";
import { uuid7 } from "./ids.js";
import { Link } from "./link.js";
import { gatewaySettings, type GatewayOptions, type GatewaySettings } from "./options.js";
import { Outbox } from "./outbox.js";
import type { ChannelSubscribed, ConnectionAck } from "./payloads.js";
import { Positions } from "./positions.js";
import { Receiver } from "./receiver.js";
import { between, TokenRefresh } from "./refresh.js";
import { Saved } from "./saved.js";
import { Subscriptions, type SubscribeOptions } from "./subscriptions.js";
import { TabName } from "./tab.js";
import { Timer } from "./timer.js";

const VERSION = "1.0";

/** How long a page has to want the channels that an earlier one left behind. */
const CLAIM_MS = 5_000;

/**
 * A live connection to a gateway: channels, their events in order and each once, who is there, and commands that
 * are done once.
 *
 * It survives broken connections and reloads: the session is resumed, what was missed follows, and commands
 * without a reply go again. Where something is lost for good, a channel's `subscribed` says so.
 */
export class GatewayClient extends Emitter<GatewayEvents> {
  readonly #settings: GatewaySettings;
  readonly #saved: Saved;
  readonly #positions: Positions;
  readonly #credentials: Credentials;
  readonly #refresh: TokenRefresh;
  readonly #outbox: Outbox;
  readonly #subscriptions: Subscriptions;
  readonly #link: Link;
  readonly #receiver: Receiver;
  readonly #fragments = new Fragments();
  readonly #channels = new Map<string, GatewayChannel>();
  readonly #claim: Timer;
  readonly #tab = new TabName();
  #stopWatching: () => void = () => undefined;
  #connected: Deferred<GatewaySession> | undefined;
  #running = false;
  #session: GatewaySession | undefined;
  /** Whose the connections of this client were. */
  #owner: string | undefined;

  constructor(options: GatewayOptions) {
    super();
    const settings = (this.#settings = gatewaySettings(options));
    const { clock } = settings;
    this.#saved = new Saved(settings.store, settings.storeKey, (error) => this.#report(error));
    if (settings.clientId !== undefined && settings.clientId !== this.#saved.clientId) {
      this.#saved.rename(settings.clientId);
    }
    this.#positions = new Positions(this.#saved, clock);
    this.#claim = new Timer(clock);
    this.#credentials = new Credentials(settings.token, settings.ticket, clock);
    this.#refresh = this.#tokenRefresh();
    const limits = { maxCommands: settings.maxOutbox, maxBytes: settings.maxOutboxBytes };
    this.#outbox = new Outbox(limits, this.#saved, clock, (settled) => this.emit("settled", settled));
    this.#subscriptions = this.#subscriptionsOf();
    this.#link = this.#linkOf();
    this.#receiver = this.#receiverOf();
  }

  get state(): GatewayState {
    return this.#link.state;
  }

  /** The newest connection that was ready. */
  get session(): GatewaySession | undefined {
    return this.#session;
  }

  get clientId(): string {
    return this.#saved.clientId;
  }

  /** Commands without a reply. */
  get unacknowledged(): number {
    return this.#outbox.size;
  }

  /**
   * Starts; completes with the first connection that is ready. Subscribing and sending need not wait for it.
   * After the server has refused, or `close`, it starts anew.
   *
   * @throws GatewayError why there will be no connection
   */
  connect(): Promise<GatewaySession> {
    if (this.#connected === undefined || !this.#running) {
      this.#running = true;
      this.#connected = deferred();
      quiet(this.#connected.promise);
      this.#stopWatching = watchEnvironment({
        awake: () => this.#link.wake(),
        visible: () => this.#link.tell(),
        leaving: () => this.#flush(),
      });
      this.#start();
    }
    return this.#connected.promise;
  }

  /** Does not wait for the delay before the next attempt to be over, unless the server asked for it. */
  reconnectNow(): void {
    this.#link.wake();
  }

  /** A channel, as `type:id`; the same object each time. */
  channel(name: string): GatewayChannel {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    if (!/^[a-z]+(:.+)?$/.test(name)) throw invalid("channel", name, "type:id, such as team:core");
    if (this.#channels.size >= this.#settings.maxChannels) this.#forgetIdle();
    const channel = new GatewayChannel(name, {
      subscribe: (to, options) => this.#subscribe(to, options),
      unsubscribe: (from) => this.#unsubscribe(from),
      isSubscribed: (of) => this.#subscriptions.isOn(of) && this.#link.isReady,
      positionOf: (of) => this.#positions.get(of),
      command: (type, on, payload, options, kept) => this.#command(type, on, payload, options, kept),
    });
    this.#channels.set(name, channel);
    return channel;
  }

  /**
   * Sends a command; completes with its reply. It goes again, with the same id, after a break or a reload until it
   * has one.
   *
   * @throws GatewayError the server's, `OUTBOX_FULL`, or `CLOSED` if `close` was called before there was a reply
   */
  send(type: string, payload: Json, options: CommandOptions & { channel?: string } = {}): Promise<GatewayEvent> {
    return quiet(this.#command(type, options.channel, payload, options, true).then(eventOf));
  }

  /** Completes when every command has its reply. */
  drained(): Promise<void> {
    return this.#outbox.empty();
  }

  /** The text so far of a message that is being written. */
  textOf(messageId: string): string | undefined {
    return this.#fragments.textOf(messageId);
  }

  /**
   * Leaves, at once: no timer and no listener stays behind. Nothing is taken back by it: what was sent is done, and
   * commands without a reply go when this client, or one of the next page, connects.
   */
  close(): void {
    if (!this.#running) return;
    this.#saved.session = undefined;
    this.#link.stop();
    this.#finish(undefined);
  }

  /** Goes by the name in the store, if no other tab does. */
  #start(): void {
    if (this.#settings.clientId !== undefined) {
      this.#link.start();
      return;
    }
    this.#tab.hold(`${this.#settings.storeKey}${this.#saved.clientId}`, (alone) => {
      if (!alone) {
        this.#saved.rename();
        this.#outbox.leaveToOther();
      }
      this.#link.start();
    });
  }

  #linkOf(): Link {
    return new Link(this.#settings, this.#credentials, {
      clientId: () => this.#saved.clientId,
      greeting: (proof) => this.#greeting(proof),
      heartbeat: () => this.#heartbeat(),
      ready: (ack, envelope) => this.#ready(ack, envelope),
      received: (envelope) => this.#receiver.receive(envelope),
      lost: (close, retryInMs) => this.#lost(close, retryInMs),
      failed: (error) => this.#report(error),
      gaveUp: (reason) => this.#gaveUp(reason),
      changed: (state) => this.emit("state", state),
    });
  }

  #receiverOf(): Receiver {
    const parts = {
      link: this.#link,
      outbox: this.#outbox,
      positions: this.#positions,
      subscriptions: this.#subscriptions,
      fragments: this.#fragments,
      refresh: this.#refresh,
      channels: this.#channels,
    };
    return new Receiver(parts, {
      tell: (event) => {
        this.emit(event.type as `${string}.${string}`, event);
        this.emit("event", event);
      },
      failed: (error) => this.#report(error),
    });
  }

  #tokenRefresh(): TokenRefresh {
    return new TokenRefresh(this.#credentials, this.#settings.clock, {
      refresh: (token) => this.#outbox.add({ type: "connection.refresh", payload: { token }, fate: "once" }),
      refreshed: () => this.#outbox.pause(false),
      failed: (error) => this.#report(error),
    });
  }

  #subscriptionsOf(): Subscriptions {
    return new Subscriptions(this.#positions, this.#settings.clock, {
      ask: (channels) => this.#outbox.add({ type: "channel.subscribe", payload: { channels }, fate: "once" }),
      subscribed: (channel, state) =>
        this.#channels.get(channel)?.tellSubscribed(state, this.#session?.status === "resumed"),
      refused: (channel, error, awaited) => {
        this.#channels.get(channel)?.tellUnsubscribed("refused", error);
        if (!awaited) this.#report(error);
      },
    });
  }

  #greeting(proof: Proof): Json {
    const { clientId, session } = this.#saved;
    const common = { ...proof, client_id: clientId, version: VERSION, versions: [VERSION] };
    const capabilities = this.#settings.capabilities;
    if (session === undefined) return command("connection.init", { ...common, client: CLIENT, capabilities });
    return command("connection.reconnect", {
      ...common,
      capabilities,
      session_id: session,
      positions: this.#positions.list(),
      live: this.#fragments.live(),
    });
  }

  #heartbeat(): Json {
    const positions = Object.fromEntries(this.#positions.list().map(({ channel, offset }) => [channel, offset]));
    return command("connection.heartbeat", { timestamp: new Date().toISOString(), positions, visible: isVisible() });
  }

  #ready(ack: ConnectionAck, envelope: Envelope): void {
    this.#own(`${ack.user?.tenant_id ?? ""}/${ack.user?.id ?? ""}`);
    this.#saved.session = ack.session_id;
    this.#saved.write();
    this.#credentials.endsIn(between(ack.server_time, ack.token_expires_at ?? undefined));
    this.#refresh.start();
    const session = (this.#session = sessionOf(ack));
    this.#receiver.tell(envelope);
    this.emit("connected", session);
    if (!this.#link.isReady) return; // a listener closed the client
    this.#outbox.open((message) => this.#link.send(message), ack.limits?.max_inflight);
    if (ack.status !== "resumed") this.#askForOwnChannel();
    this.#subscriptions.open(ack.channels ?? []);
    this.#claim.set(CLAIM_MS, () => this.#leaveUnclaimed(ack.channels ?? []));
    this.#connected?.resolve(session);
  }

  /** What was said and seen as somebody else does not go on in the name of this one. */
  #own(owner: string): void {
    if (this.#saved.owner !== undefined && this.#saved.owner !== owner) {
      this.#outbox.abandon(this.#owner !== undefined);
      this.#positions.clear();
    }
    this.#saved.owner = this.#owner = owner;
  }

  /** Nobody subscribes to one's own channel, so nobody else would ask for what was missed there. */
  #askForOwnChannel(): void {
    for (const name of this.#positions.names()) {
      if (isOwn(name) && !this.#subscriptions.has(name)) void this.#subscriptions.want(name, {});
    }
  }

  /** What an earlier page wanted and this one does not. */
  #leaveUnclaimed(channels: readonly ChannelSubscribed[]): void {
    const isUnclaimed = (name: string): boolean => !isOwn(name) && !this.#subscriptions.has(name);
    this.#positions.names().filter(isUnclaimed).forEach((name) => this.#positions.remove(name));
    for (const name of channels.map(({ channel }) => channelName(channel) ?? "").filter(isUnclaimed)) {
      void this.#unsubscribe(name).catch(() => undefined);
    }
  }

  #lost(close: GatewayClose, retryInMs: number): void {
    this.#shut(close);
    this.emit("disconnected", { ...close, retryInMs });
  }

  #gaveUp(reason: GatewayError): void {
    if (reason.code === 4016) this.#saved.session = undefined;
    this.#finish(reason);
  }

  /** The connection is gone. What was asked on it is not taken back by that. */
  #shut(close?: GatewayClose): void {
    if (close?.resumable === false) this.#saved.session = undefined;
    this.#claim.stop();
    this.#refresh.stop();
    this.#subscriptions.shut();
    this.#outbox.shut();
  }

  #finish(reason: GatewayError | undefined): void {
    this.#shut();
    this.#running = false;
    this.#stopWatching();
    this.#tab.release();
    const told = reason ?? new GatewayError(0, "CLOSED", "The client was closed before there was a reply.");
    this.#subscriptions.fail(told);
    this.#outbox.fail(told);
    this.#positions.flush();
    this.#saved.write();
    this.#connected?.reject(told);
    this.emit("close", reason);
  }

  #subscribe(channel: GatewayChannel, options: SubscribeOptions): Promise<ChannelSubscribed> {
    if (!this.#channels.has(channel.name)) this.#channels.set(channel.name, channel);
    return this.#subscriptions.want(channel.name, options);
  }

  async #unsubscribe(channel: string): Promise<void> {
    const left = new GatewayError(0, "CLOSED", `${channel} was unsubscribed.`, { channel });
    this.#subscriptions.drop(channel, left);
    this.#positions.remove(channel);
    await this.#command("channel.unsubscribe", channel, { channels: [channel] }, {}, false);
  }

  async #command(
    type: string,
    channel: string | undefined,
    payload: Json,
    { id, correlationId }: CommandOptions,
    kept: boolean,
  ): Promise<Envelope> {
    return this.#outbox.add({ id, type, channel, correlationId, payload, fate: kept ? "kept" : "again" });
  }

  /** Channels that nobody listens to any more make room. */
  #forgetIdle(): void {
    for (const name of this.#channels.keys()) {
      if (!this.#subscriptions.has(name)) this.#channels.delete(name);
    }
    const { maxChannels } = this.#settings;
    if (this.#channels.size < maxChannels) return;
    throw invalid("channel", `one more than ${maxChannels}`, "unsubscribe others first, or raise maxChannels");
  }

  #flush(): void {
    this.#positions.flush();
    this.#outbox.flush();
  }

  #report(error: GatewayError): void {
    this.emit("error", error);
  }
}

const CLIENT = { name: "@myelin/client", version: "0.1.0" };

/** Messages of the connection itself go once, and need no reply to go on. */
function command(type: string, payload: Json): Json {
  return { id: uuid7(), type, payload };
}

function sessionOf(ack: ConnectionAck): GatewaySession {
  return {
    connectionId: ack.connection_id,
    status: ack.status,
    user: ack.user,
    serverVersion: ack.server_version,
    protocolVersion: ack.protocol_version,
    capabilities: ack.capabilities ?? [],
  };
}
