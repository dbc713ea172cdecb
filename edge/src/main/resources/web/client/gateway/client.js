import { deferred, quiet } from "../deferred.js";
import { Emitter } from "../events.js";
import { GatewayChannel } from "./channel.js";
import { Credentials } from "./credentials.js";
import { channelName, isOwn } from "./envelope.js";
import { isVisible, watchEnvironment } from "./environment.js";
import { GatewayError, invalid } from "./errors.js";
import { eventOf } from "./events.js";
import { Fragments } from "./fragments.js";
import { uuid7 } from "./ids.js";
import { Link } from "./link.js";
import { gatewaySettings } from "./options.js";
import { Outbox } from "./outbox.js";
import { Positions } from "./positions.js";
import { Receiver } from "./receiver.js";
import { between, TokenRefresh } from "./refresh.js";
import { Saved } from "./saved.js";
import { Subscriptions } from "./subscriptions.js";
import { TabName } from "./tab.js";
import { Timer } from "./timer.js";
const VERSION = "1.0";
const CLAIM_MS = 5_000;
export class GatewayClient extends Emitter {
    #settings;
    #saved;
    #positions;
    #credentials;
    #refresh;
    #outbox;
    #subscriptions;
    #link;
    #receiver;
    #fragments = new Fragments();
    #channels = new Map();
    #claim;
    #tab = new TabName();
    #stopWatching = () => undefined;
    #connected;
    #running = false;
    #session;
    #owner;
    constructor(options) {
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
    get state() {
        return this.#link.state;
    }
    get session() {
        return this.#session;
    }
    get clientId() {
        return this.#saved.clientId;
    }
    get unacknowledged() {
        return this.#outbox.size;
    }
    connect() {
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
    reconnectNow() {
        this.#link.wake();
    }
    channel(name) {
        const known = this.#channels.get(name);
        if (known !== undefined)
            return known;
        if (!/^[a-z]+(:.+)?$/.test(name))
            throw invalid("channel", name, "type:id, such as team:core");
        if (this.#channels.size >= this.#settings.maxChannels)
            this.#forgetIdle();
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
    send(type, payload, options = {}) {
        return quiet(this.#command(type, options.channel, payload, options, true).then(eventOf));
    }
    drained() {
        return this.#outbox.empty();
    }
    textOf(messageId) {
        return this.#fragments.textOf(messageId);
    }
    close() {
        if (!this.#running)
            return;
        this.#saved.session = undefined;
        this.#link.stop();
        this.#finish(undefined);
    }
    #start() {
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
    #linkOf() {
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
    #receiverOf() {
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
                this.emit(event.type, event);
                this.emit("event", event);
            },
            failed: (error) => this.#report(error),
        });
    }
    #tokenRefresh() {
        return new TokenRefresh(this.#credentials, this.#settings.clock, {
            refresh: (token) => this.#outbox.add({ type: "connection.refresh", payload: { token }, fate: "once" }),
            refreshed: () => this.#outbox.pause(false),
            failed: (error) => this.#report(error),
        });
    }
    #subscriptionsOf() {
        return new Subscriptions(this.#positions, this.#settings.clock, {
            ask: (channels) => this.#outbox.add({ type: "channel.subscribe", payload: { channels }, fate: "once" }),
            subscribed: (channel, state) => this.#channels.get(channel)?.tellSubscribed(state, this.#session?.status === "resumed"),
            refused: (channel, error, awaited) => {
                this.#channels.get(channel)?.tellUnsubscribed("refused", error);
                if (!awaited)
                    this.#report(error);
            },
        });
    }
    #greeting(proof) {
        const { clientId, session } = this.#saved;
        const common = { ...proof, client_id: clientId, version: VERSION, versions: [VERSION] };
        const capabilities = this.#settings.capabilities;
        if (session === undefined)
            return command("connection.init", { ...common, client: CLIENT, capabilities });
        return command("connection.reconnect", {
            ...common,
            capabilities,
            session_id: session,
            positions: this.#positions.list(),
            live: this.#fragments.live(),
        });
    }
    #heartbeat() {
        const positions = Object.fromEntries(this.#positions.list().map(({ channel, offset }) => [channel, offset]));
        return command("connection.heartbeat", { timestamp: new Date().toISOString(), positions, visible: isVisible() });
    }
    #ready(ack, envelope) {
        this.#own(`${ack.user?.tenant_id ?? ""}/${ack.user?.id ?? ""}`);
        this.#saved.session = ack.session_id;
        this.#saved.write();
        this.#credentials.endsIn(between(ack.server_time, ack.token_expires_at ?? undefined));
        this.#refresh.start();
        const session = (this.#session = sessionOf(ack));
        this.#receiver.tell(envelope);
        this.emit("connected", session);
        if (!this.#link.isReady)
            return;
        this.#outbox.open((message) => this.#link.send(message), ack.limits?.max_inflight);
        if (ack.status !== "resumed")
            this.#askForOwnChannel();
        this.#subscriptions.open(ack.channels ?? []);
        this.#claim.set(CLAIM_MS, () => this.#leaveUnclaimed(ack.channels ?? []));
        this.#connected?.resolve(session);
    }
    #own(owner) {
        if (this.#saved.owner !== undefined && this.#saved.owner !== owner) {
            this.#outbox.abandon(this.#owner !== undefined);
            this.#positions.clear();
        }
        this.#saved.owner = this.#owner = owner;
    }
    #askForOwnChannel() {
        for (const name of this.#positions.names()) {
            if (isOwn(name) && !this.#subscriptions.has(name))
                void this.#subscriptions.want(name, {});
        }
    }
    #leaveUnclaimed(channels) {
        const isUnclaimed = (name) => !isOwn(name) && !this.#subscriptions.has(name);
        this.#positions.names().filter(isUnclaimed).forEach((name) => this.#positions.remove(name));
        for (const name of channels.map(({ channel }) => channelName(channel) ?? "").filter(isUnclaimed)) {
            void this.#unsubscribe(name).catch(() => undefined);
        }
    }
    #lost(close, retryInMs) {
        this.#shut(close);
        this.emit("disconnected", { ...close, retryInMs });
    }
    #gaveUp(reason) {
        if (reason.code === 4016)
            this.#saved.session = undefined;
        this.#finish(reason);
    }
    #shut(close) {
        if (close?.resumable === false)
            this.#saved.session = undefined;
        this.#claim.stop();
        this.#refresh.stop();
        this.#subscriptions.shut();
        this.#outbox.shut();
    }
    #finish(reason) {
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
    #subscribe(channel, options) {
        if (!this.#channels.has(channel.name))
            this.#channels.set(channel.name, channel);
        return this.#subscriptions.want(channel.name, options);
    }
    async #unsubscribe(channel) {
        const left = new GatewayError(0, "CLOSED", `${channel} was unsubscribed.`, { channel });
        this.#subscriptions.drop(channel, left);
        this.#positions.remove(channel);
        await this.#command("channel.unsubscribe", channel, { channels: [channel] }, {}, false);
    }
    async #command(type, channel, payload, { id, correlationId }, kept) {
        return this.#outbox.add({ id, type, channel, correlationId, payload, fate: kept ? "kept" : "again" });
    }
    #forgetIdle() {
        for (const name of this.#channels.keys()) {
            if (!this.#subscriptions.has(name))
                this.#channels.delete(name);
        }
        const { maxChannels } = this.#settings;
        if (this.#channels.size < maxChannels)
            return;
        throw invalid("channel", `one more than ${maxChannels}`, "unsubscribe others first, or raise maxChannels");
    }
    #flush() {
        this.#positions.flush();
        this.#outbox.flush();
    }
    #report(error) {
        this.emit("error", error);
    }
}
const CLIENT = { name: "@myelin/client", version: "0.1.0" };
function command(type, payload) {
    return { id: uuid7(), type, payload };
}
function sessionOf(ack) {
    return {
        connectionId: ack.connection_id,
        status: ack.status,
        user: ack.user,
        serverVersion: ack.server_version,
        protocolVersion: ack.protocol_version,
        capabilities: ack.capabilities ?? [],
    };
}
