import { deferred, quiet } from "../deferred.js";
import { channelName, isOwn } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { Pace } from "./pace.js";
import { Timer } from "./timer.js";
const MAX_BATCH = 50;
export class Subscriptions {
    #positions;
    #user;
    #clock;
    #timer;
    #wanted = new Map();
    #open = false;
    #asking = false;
    #commands = 0;
    constructor(positions, clock, user) {
        this.#positions = positions;
        this.#user = user;
        this.#clock = clock;
        this.#timer = new Timer(clock);
    }
    has(channel) {
        return this.#wanted.has(channel);
    }
    isOn(channel) {
        return this.#wanted.get(channel)?.state === "on";
    }
    isDense(channel) {
        return this.#wanted.get(channel)?.options.types === undefined;
    }
    want(channel, options) {
        const known = this.#wanted.get(channel);
        const waiting = known?.waiting ?? deferred();
        this.#wanted.set(channel, { channel, options, state: "wanted", asked: 0, gaps: 0, waiting });
        this.#soon();
        return quiet(waiting.promise);
    }
    drop(channel, reason) {
        this.#wanted.get(channel)?.waiting?.reject(reason);
        return this.#wanted.delete(channel);
    }
    open(resumed) {
        this.#open = true;
        this.#asking = false;
        for (const one of this.#wanted.values())
            one.state = "wanted";
        for (const state of resumed)
            this.subscribed(state);
        this.#ask();
    }
    shut() {
        this.#open = false;
        this.#timer.stop();
    }
    fail(reason) {
        this.shut();
        for (const one of this.#wanted.values()) {
            one.waiting?.reject(reason);
            one.waiting = undefined;
        }
    }
    subscribed(state) {
        const channel = channelName(state.channel);
        if (channel === undefined)
            return;
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
    refused(error) {
        if (error.requestType !== undefined && error.requestType !== "channel.subscribe")
            return false;
        const one = this.#wanted.get(error.channel ?? "");
        if (one === undefined || one.state !== "asked")
            return false;
        this.#refuse(one, error);
        return true;
    }
    again(channel) {
        const one = this.#wanted.get(channel);
        if (one === undefined)
            return;
        one.state = "wanted";
        this.#soon();
    }
    followed(channel) {
        const one = this.#wanted.get(channel);
        if (one !== undefined)
            one.gaps = 0;
    }
    mend(channel) {
        const one = this.#wanted.get(channel);
        if (one === undefined || one.state !== "on")
            return;
        one.state = "wanted";
        const wait = one.gaps === 0 ? 0 : new Pace(this.#clock, 500 * 2 ** Math.min(one.gaps, 6), 20_000).next();
        one.gaps++;
        if (wait === 0)
            this.#ask();
        else
            this.#later(wait);
    }
    #unasked(channel, state) {
        if (!isOwn(channel))
            return;
        if ((this.#positions.get(channel)?.epoch ?? "") === "")
            this.#reposition(channel, state);
        this.#user.subscribed(channel, state);
    }
    #reposition(channel, { epoch, offset, recovery, replay_count }) {
        const last = this.#positions.get(channel);
        if (replay_count === 0)
            this.#positions.set(channel, { epoch, offset });
        else if (recovery !== "replay" || last?.epoch !== epoch)
            this.#positions.begin(channel, epoch);
    }
    #soon() {
        if (this.#asking)
            return;
        this.#asking = true;
        queueMicrotask(() => {
            this.#asking = false;
            this.#ask();
        });
    }
    #later(milliseconds) {
        if (!this.#timer.isSet)
            this.#timer.set(milliseconds, () => this.#ask());
    }
    #ask() {
        if (!this.#open)
            return;
        const wanted = [...this.#wanted.values()].filter(({ state }) => state === "wanted");
        for (let i = 0; i < wanted.length; i += MAX_BATCH)
            void this.#askFor(wanted.slice(i, i + MAX_BATCH));
    }
    async #askFor(asked) {
        const command = ++this.#commands;
        for (const one of asked) {
            one.state = "asked";
            one.asked = command;
        }
        let failure;
        try {
            await this.#user.ask(asked.map((one) => this.#written(one)));
        }
        catch (error) {
            failure = error;
        }
        for (const one of asked) {
            if (one.state !== "asked" || one.asked !== command || this.#wanted.get(one.channel) !== one)
                continue;
            if (failure?.name === "CONNECTION_LOST")
                one.state = "wanted";
            else
                this.#refuse(one, failure ?? unanswered(one.channel));
        }
    }
    #refuse(one, error) {
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
    #written({ channel, options }) {
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
function unanswered(channel) {
    const text = `The server said nothing of ${channel}.`;
    return new GatewayError(4018, "INTERNAL", text, { temporary: true, channel });
}
