import { quiet } from "../deferred.js";
import { Emitter } from "../events.js";
import { isObject, list, number, text } from "./envelope.js";
import { eventOf } from "./events.js";
import { Roster } from "./roster.js";
export class GatewayChannel extends Emitter {
    name;
    #host;
    #roster = new Roster();
    #own;
    #asking = false;
    constructor(name, host) {
        super();
        this.name = name;
        this.#host = host;
    }
    get roster() {
        return this.#roster;
    }
    get isSubscribed() {
        return this.#host.isSubscribed(this.name);
    }
    get position() {
        return this.#host.positionOf(this.name);
    }
    subscribe(options = {}) {
        return this.#host.subscribe(this, options);
    }
    unsubscribe() {
        this.#own = undefined;
        this.#roster.clear();
        return quiet(this.#host.unsubscribe(this.name));
    }
    publish(type, payload, options = {}) {
        const body = { channel: this.name, type, payload };
        return quiet(this.#host.command("channel.publish", this.name, body, options, true).then(published));
    }
    async history(query = {}) {
        const body = { channel: this.name, ...query };
        const { payload } = await this.#host.command("channel.history", this.name, body, {}, false);
        const events = list(payload["events"]).filter(isObject);
        return {
            events: events.map((event) => eventOf({ ...event, channel: event.channel ?? this.name })),
            hasMore: payload["has_more"] === true,
            epoch: text(payload["epoch"]),
        };
    }
    setPresence(own) {
        this.#own = own;
        return quiet(this.#tellPresence());
    }
    tell(event) {
        this.emit(event.type, event);
        this.emit("event", event);
    }
    tellSubscribed(state, resumed) {
        if (!resumed && this.#own !== undefined)
            void quiet(this.#tellPresence());
        this.emit("subscribed", state);
    }
    tellUnsubscribed(reason, error) {
        this.#own = undefined;
        this.#roster.clear();
        this.emit("unsubscribed", { reason, error });
    }
    tellPresence(envelope) {
        const change = this.#roster.apply(envelope);
        if (change === "gap")
            void this.#askPresence();
        else if (change !== "repeat")
            this.emit("presence", change);
    }
    async #tellPresence() {
        const body = { channel: this.name, ...this.#own };
        await this.#host.command("channel.presence", this.name, body, {}, false);
    }
    async #askPresence() {
        if (this.#asking)
            return;
        this.#asking = true;
        try {
            await this.#host.command("channel.presence", this.name, { channel: this.name, get: true }, {}, false);
        }
        catch {
        }
        finally {
            this.#asking = false;
        }
    }
}
function published({ payload }) {
    const result = isObject(payload["result"]) ? payload["result"] : {};
    return {
        eventId: text(result["event_id"]),
        epoch: text(result["epoch"]),
        offset: number(result["offset"]),
        duplicate: payload["duplicate"] === true || payload["status"] === "duplicate",
    };
}
