import { FRESH_MS } from "./credentials.js";
import { number, text } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { Pace } from "./pace.js";
import { Timer } from "./timer.js";
export class TokenRefresh {
    #credentials;
    #user;
    #timer;
    #pace;
    #round = 0;
    #busy = false;
    constructor(credentials, clock, user) {
        this.#credentials = credentials;
        this.#user = user;
        this.#timer = new Timer(clock);
        this.#pace = new Pace(clock, 1_000, 10_000);
    }
    start() {
        this.stop();
        this.#pace.reset();
        this.#plan();
    }
    now() {
        if (!this.#busy && this.#credentials.canRenew)
            void this.#refresh(this.#round);
    }
    stop() {
        this.#round++;
        this.#busy = false;
        this.#timer.stop();
    }
    #plan() {
        const left = this.#credentials.leftMs;
        if (!this.#credentials.canRenew || left === Infinity)
            return;
        this.#timer.set(Math.max(left - Math.min(FRESH_MS, left / 2), 0), () => this.now());
    }
    async #refresh(round) {
        this.#timer.stop();
        this.#busy = true;
        try {
            const token = await this.#credentials.renew();
            if (round !== this.#round)
                return;
            const { payload, timestamp } = await this.#user.refresh(token);
            if (round !== this.#round)
                return;
            this.#busy = false;
            this.#credentials.endsIn(between(timestamp, text(payload["expires_at"])));
            this.#pace.reset();
            this.#plan();
            this.#user.refreshed();
        }
        catch (error) {
            if (round !== this.#round)
                return;
            this.#busy = false;
            const failure = error;
            this.#user.failed(failure);
            const wait = this.#pace.next(number(failure.retryAfterMs));
            if (failure.code !== 0 || failure.temporary)
                this.#timer.set(wait, () => this.now());
        }
    }
}
export function between(from, to) {
    const milliseconds = Date.parse(to ?? "") - (from === undefined ? Date.now() : Date.parse(from));
    return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
